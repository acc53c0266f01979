import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BrokerCertificate } from './broker-options.ts'
import { javaTool, runTool } from './java-tools.ts'

/** Protects nothing: the key store lies beside it, is made for one test broker, and PKCS12 wants one. */
const PASSWORD = 'test-broker'

/** Makes a self-signed certificate for 127.0.0.1 and localhost in a folder, or takes the one that is there. */
export async function brokerCertificate(java: string, folder: string): Promise<BrokerCertificate> {
  const keytool = javaTool(java, 'keytool')
  const keyStore = join(folder, 'broker.p12')
  const store = ['-keystore', keyStore, '-storetype', 'PKCS12', '-storepass', PASSWORD, '-alias', 'broker']
  if (!existsSync(keyStore)) {
    const names = ['-dname', 'CN=localhost', '-ext', 'san=dns:localhost,ip:127.0.0.1', '-ext', 'bc:c']
    await runTool(keytool, [
      '-genkeypair',
      '-keyalg',
      'RSA',
      '-keysize',
      '2048',
      '-validity',
      '3650',
      ...names,
      ...store,
    ])
  }
  return { keyStore, password: PASSWORD, ca: await runTool(keytool, ['-exportcert', '-rfc', ...store]) }
}
