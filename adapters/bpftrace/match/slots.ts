/** The offsets of captures in a text. They are reused, so that no event allocates an array. */
export class Slots {
  readonly starts: Int32Array
  readonly ends: Int32Array

  constructor(count: number) {
    this.starts = new Int32Array(count)
    this.ends = new Int32Array(count)
  }

  set(index: number, start: number, end: number): void {
    this.starts[index] = start
    this.ends[index] = end
  }

  start(index: number): number {
    return this.starts[index] ?? 0
  }

  end(index: number): number {
    return this.ends[index] ?? 0
  }

  text(source: string, index: number): string {
    return source.slice(this.starts[index], this.ends[index])
  }

  copy(from: Slots, count: number, base: number): void {
    for (let index = 0; index < count; index++) this.set(base + index, from.start(index), from.end(index))
  }
}
