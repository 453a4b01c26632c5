// What a kernel's release says about its builder. docs/reasons.md has the rules and their sources.

/** A kernel release, taken apart: `6.8.0-106-generic` → series 6.8, point 0, Ubuntu, ABI 106. */
export interface Release {
  /** As given, without a leading `v`. */
  readonly text: string
  /** `6.8`. */
  readonly series: string
  /** The update: 97 in `6.12.97`. Undefined in `6.12` and `7.3-rc7`. */
  readonly point?: number
  readonly rc?: number
  readonly build: Build
}

/** Its builder, as far as the name says. */
export type Build =
  /** The bare number: kernel.org's own. */
  | { readonly kind: 'upstream' }
  /** A private suffix on a stable release: `-custom`, `-fc-v657`, `.fc41`. */
  | { readonly kind: 'custom'; readonly suffix: string }
  /** A private count of builds on X.Y.0, as vendors use it. It does not say which update the kernel is made from. */
  | { readonly kind: 'numbered'; readonly suffix: string }
  /** A git tree between two releases (`+`, `-g1a2b3c…`, `-next-…`): its number is that of the last tag. */
  | { readonly kind: 'development' }
  | { readonly kind: 'ubuntu'; readonly flavour: UbuntuFlavour; readonly abi?: number }
  | { readonly kind: 'debian'; readonly abi?: number }
  /** `503.11.1` of `5.14.0-503.11.1.el9_5`; without `minor` a GA kernel of RHEL 8, or CentOS Stream. */
  | { readonly kind: 'el'; readonly major?: number; readonly minor?: number; readonly build: string }
  /** Kernels with changes of their own that no table covers: `SUSE`, `Amazon Linux`, … */
  | { readonly kind: 'vendor'; readonly name: string }

/**
 * `lowlatency` carries the ABI numbers of `main`, the generic kernel; `derived` (aws, azure, …) counts in its own way
 * from 1000 on.
 */
export type UbuntuFlavour = 'main' | 'lowlatency' | 'oem' | 'derived'

/**
 * Undefined when `text` is no kernel release. `distro`: the distribution by the user or os-release, where the release
 * alone does not show it.
 */
export function parseRelease(text: string, distro?: string): Release | undefined {
  const found = /^v?(\d{1,3}\.\d{1,4})(?:\.(\d{1,5}))?(?:-rc(\d{1,3}))?(?!\d|\.\D|\.$)(\S*)$/.exec(text.trim())
  if (found === null) return undefined
  const [, series = '', point, rc, tail = ''] = found
  return {
    text: text.trim().replace(/^v/, ''),
    series: series.replace(/^0+(?=\d)/, ''),
    ...(point === undefined ? {} : { point: Number(point) }),
    ...(rc === undefined ? {} : { rc: Number(rc) }),
    build: buildOf(tail, Number(point ?? 0), distroOf(distro)),
  }
}

/** What `uname -r` may print; undefined for a series (`6.12`) and the id of a table. */
export function wholeRelease(given: string): string | undefined {
  const { text, point, rc } = parseRelease(given) ?? {}
  return point === undefined && rc === undefined ? undefined : text
}

type Distro = 'ubuntu' | 'debian' | 'el' | { readonly vendor: string } | undefined

/**
 * Kernels of these follow none of the tables (SUSE, Amazon, UEK, Azure, Android, ChromeOS were not looked at; Proxmox
 * builds on Ubuntu's).
 */
const VENDOR_SUFFIXES: readonly (readonly [RegExp, string])[] = [
  [/\.el\d+uek/, 'Oracle UEK'],
  [/\.amzn\d/, 'Amazon Linux'],
  [/\.(azl|cm)\d/, 'Azure Linux'],
  [/-android\d/, 'Android'],
  [/-pve$/, 'Proxmox'],
  [/^-[\w.]+-(default|azure|preempt|rt|longterm|kvmsmall)$/, 'SUSE'],
]

const DISTROS: readonly (readonly [RegExp, Distro])[] = [
  [/^(ubuntu|linuxmint|mint|pop|elementary|zorin|neon)\b/, 'ubuntu'],
  [/^(debian|raspbian|kali|devuan)\b/, 'debian'],
  [/^(rhel|red ?hat|almalinux|alma|rocky|centos|el\d)/, 'el'],
  [/^(sles|sled|suse|opensuse)/, { vendor: 'SUSE' }],
  [/^(amzn|amazon)/, { vendor: 'Amazon Linux' }],
  [/^(azurelinux|mariner|azure linux)/, { vendor: 'Azure Linux' }],
  [/^android/, { vendor: 'Android' }],
  [/^(chromeos|chrome os|cos\b|container-optimized)/, { vendor: 'ChromeOS' }],
  [/^(proxmox|pve)/, { vendor: 'Proxmox' }],
]

function distroOf(word: string | undefined): Distro {
  const lower = word?.trim().toLowerCase() ?? ''
  return DISTROS.find(([pattern]) => pattern.test(lower))?.[1]
}

/** Debian names its kernels by the architecture, Ubuntu by the use. */
const DEBIAN_FLAVOUR = String.raw`(?:cloud-|rt-)?(?:amd64|arm64|686|i386|armmp|armel|armhf|marvell|rpi|powerpc64le|ppc64el|s390x|mips|\dk\w*-\w|riscv64|loong64)[\w-]*`
const DEBIAN_ABI = new RegExp(`^-(?:0\\.(?:deb\\d+|bpo)\\.)?(\\d+)-${DEBIAN_FLAVOUR}$`)
const DEBIAN_POINT = new RegExp(`^(?:\\+(?:deb|bpo)[\\w.+]*)?-${DEBIAN_FLAVOUR}$`)
const UBUNTU = /^-(\d{1,4})(?:\.[.\d]*)?-([a-z][a-z0-9-]*)$/
const UBUNTU_FLAVOUR =
  /^(aws|azure|gcp|gke|gkeop|ibm|oracle|kvm|raspi|nvidia|xilinx|intel|bluefield|realtime|snapdragon|starfive|laptop|tegra|fips|riscv)(-|$)/
/** `6.12.9-061209-generic`: Ubuntu's builds of unchanged upstream releases. */
const UBUNTU_MAINLINE = /^-\d{6}(rc\d+)?-(generic|lowlatency)[\w-]*$/

function buildOf(tail: string, point: number, distro: Distro): Build {
  const vendor = VENDOR_SUFFIXES.find(([pattern]) => pattern.test(tail))?.[1]
  if (vendor !== undefined && !(vendor === 'SUSE' && isUbuntu(tail, point, distro)))
    return { kind: 'vendor', name: vendor }
  if (typeof distro === 'object') return { kind: 'vendor', name: distro.vendor }

  const el = /^-(\d+(?:\.\d+)*)(?:\.rt[\d.]+)?\.el(\d+)(?:_(\d+))?(?!\.elrepo)(?=[._+]|$)/.exec(tail)
  if (el !== null) {
    const [, build = '', major, minor] = el
    return { kind: 'el', major: Number(major), build, ...(minor === undefined ? {} : { minor: Number(minor) }) }
  }
  const bareBuild = /^-(\d+(?:\.\d+)+|\d{2,})$/.exec(tail)?.[1]
  if (bareBuild !== undefined && distro === 'el') return { kind: 'el', build: bareBuild }

  if (UBUNTU_MAINLINE.test(tail)) return tail.includes('rc') ? { kind: 'development' } : { kind: 'upstream' }
  const debianAbi = point === 0 ? DEBIAN_ABI.exec(tail)?.[1] : undefined
  if (debianAbi !== undefined) return { kind: 'debian', abi: Number(debianAbi) }
  if (DEBIAN_POINT.test(tail)) return { kind: 'debian' }
  if (isUbuntu(tail, point, distro)) {
    const [, abi, flavour = ''] = UBUNTU.exec(tail) ?? []
    return { kind: 'ubuntu', flavour: ubuntuFlavour(flavour), abi: Number(abi) }
  }
  if (point === 0 && (distro === 'ubuntu' || distro === 'debian')) {
    const abi = /^-(\d{1,4})(?:\.[.\d]*)?$/.exec(tail)?.[1]
    if (distro === 'debian' && abi !== undefined) return { kind: 'debian', abi: Number(abi) }
    if (distro === 'ubuntu' && abi !== undefined)
      return { kind: 'ubuntu', flavour: Number(abi) < 1000 ? 'main' : 'derived', abi: Number(abi) }
    if (distro === 'ubuntu' && tail === '') return { kind: 'ubuntu', flavour: 'main' }
  }

  if (/\+$|-g[0-9a-f]{7,}|-next\b/.test(tail)) return { kind: 'development' }
  if (tail === '') return { kind: 'upstream' }
  return { kind: point === 0 && /^-\d/.test(tail) ? 'numbered' : 'custom', suffix: tail }
}

/** The release of every Ubuntu kernel is X.Y.0, whatever update it is made from. */
function isUbuntu(tail: string, point: number, distro: Distro): boolean {
  const flavour = point === 0 ? UBUNTU.exec(tail)?.[2] : undefined
  return (
    flavour !== undefined &&
    (distro === 'ubuntu' || ubuntuFlavour(flavour) !== 'derived' || UBUNTU_FLAVOUR.test(flavour))
  )
}

function ubuntuFlavour(flavour: string): UbuntuFlavour {
  if (/^(generic|virtual)(-|$)/.test(flavour)) return 'main'
  if (/^lowlatency(-|$)/.test(flavour)) return 'lowlatency'
  return flavour === 'oem' ? 'oem' : 'derived'
}
