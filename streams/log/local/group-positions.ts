import type { Position, TopicPartition } from '../log.ts'
import { partitionName } from './group-plan.ts'
import type { GroupPosition } from './log-storage.ts'

/** The committed position of each group in each partition. */
export class GroupPositions {
  private readonly byGroup = new Map<string, Map<string, number>>()

  set(position: GroupPosition): void {
    let ofGroup = this.byGroup.get(position.group)
    if (ofGroup === undefined) {
      ofGroup = new Map()
      this.byGroup.set(position.group, ofGroup)
    }
    ofGroup.set(partitionName(position), position.offset)
  }

  /** Those of the partitions that have one. */
  of(group: string, partitions: readonly TopicPartition[]): Position[] {
    const ofGroup = this.byGroup.get(group)
    return partitions.flatMap(({ topic, partition }) => {
      const offset = ofGroup?.get(partitionName({ topic, partition }))
      return offset === undefined ? [] : [{ topic, partition, offset }]
    })
  }

  groups(): string[] {
    return [...this.byGroup.keys()]
  }
}
