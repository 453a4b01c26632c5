// Registers of a sample, printed as `perf script -F iregs` does. The names are those of x86
// (arch/x86/include/uapi/asm/perf_regs.h); elsewhere registers have their number.
import type { ParsedSample } from './parsed-sample.ts'

const X86 = 'AX BX CX DX SI DI BP SP IP FLAGS CS SS DS ES FS GS R8 R9 R10 R11 R12 R13 R14 R15'.split(' ')

/** `ABI:2    SP:0xffffc90000003d50`; empty where the sample has none. `at`: of the ABI. */
export function registersText(sample: ParsedSample, at: number, mask: bigint): string {
  const { view, isLittle } = sample
  const abi = view.getBigUint64(at, isLittle)
  if (abi === 0n) return ''
  let text = `ABI:${abi} `
  let next = at + 8
  for (let bit = 0n; bit < 64n; bit++) {
    if (((mask >> bit) & 1n) === 0n) continue
    const name = X86[Number(bit)] ?? `R${bit}`
    text += `${name.padStart(5)}:0x${view.getBigUint64(next, isLittle).toString(16)} `
    next += 8
  }
  return text.trimEnd()
}
