/** The name the topology signs its events with. */
export const SOURCE = 'credit'
