import type { TopicPartition } from '../log/log.ts'
import type { Subtopology } from '../topology/subtopology.ts'
import type { InputPartition } from './input-partition.ts'
import { TaskHost, type TaskHostShared } from './task-host.ts'

/** The tasks this instance has, by the partitions that were assigned to it. */
export class TaskRegistry {
  private readonly shared: TaskHostShared
  private readonly hosts = new Map<string, TaskHost>()
  /** Changes rarely and is read at every step. */
  private ordered: readonly TaskHost[] = []

  constructor(shared: TaskHostShared) {
    this.shared = shared
  }

  all(): readonly TaskHost[] {
    return this.ordered
  }

  /** By id. */
  get(taskId: string): TaskHost | undefined {
    return this.hosts.get(taskId)
  }

  find(subtopology: Subtopology, partition: number): TaskHost | undefined {
    return this.hosts.get(`${subtopology.name}.${partition}`)
  }

  /** The task that reads an input partition; undefined where it is not here. */
  readerOf({ topic, partition }: TopicPartition): TaskHost | undefined {
    return this.ordered.find((host) => host.partition === partition && host.subtopology.inputTopics.includes(topic))
  }

  /** The inputs of the tasks that run. */
  inputs(): readonly InputPartition[] {
    return this.ordered.flatMap((host) => host.inputs)
  }

  /** True where every task runs. */
  isRunning(): boolean {
    return this.ordered.every((host) => host.state === 'RUNNING')
  }

  /** Takes up the tasks of these partitions that are not here yet. */
  assign(partitions: readonly TopicPartition[]): void {
    const { topology, hooks } = this.shared
    for (const subtopology of topology.subtopologies) {
      for (const partition of numbersOf(subtopology, partitions)) {
        if (this.find(subtopology, partition) !== undefined) continue
        const host = new TaskHost(this.shared, subtopology, partition)
        this.hosts.set(host.id, host)
        hooks.onTaskAssigned?.({ app: topology.name, taskId: host.id })
        host.start()
      }
    }
    this.reorder()
  }

  /** The tasks that read any of these partitions. */
  of(partitions: readonly TopicPartition[]): TaskHost[] {
    return this.ordered.filter((host) => numbersOf(host.subtopology, partitions).has(host.partition))
  }

  async release(hosts: readonly TaskHost[]): Promise<void> {
    for (const host of hosts) this.hosts.delete(host.id)
    this.reorder()
    await Promise.all(hosts.map((host) => host.release()))
    const { topology, hooks } = this.shared
    for (const host of hosts) hooks.onTaskReleased?.({ app: topology.name, taskId: host.id })
  }

  /** Every task drops what is uncommitted and comes up again from the committed positions. */
  restart(): void {
    for (const host of this.ordered) host.start()
  }

  private reorder(): void {
    this.ordered = [...this.hosts.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }
}

function numbersOf(subtopology: Subtopology, partitions: readonly TopicPartition[]): Set<number> {
  return new Set(partitions.filter(({ topic }) => subtopology.inputTopics.includes(topic)).map((at) => at.partition))
}
