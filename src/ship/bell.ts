/** Wakes those who wait for something that has changed. */
export class Bell {
  private waiting: (() => void)[] = []

  ring(): void {
    const { waiting } = this
    this.waiting = []
    for (const wake of waiting) wake()
  }

  /** Until the next ring. */
  rung(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }
}
