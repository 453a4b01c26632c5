export function plainText(raw: string): string {
  if (!/[\x1b\b\r\x07]/.test(raw)) return raw
  let t = raw
  if (t.includes('dropwatch>') || t.includes(' \r')) t = t.replace(/ \r(?!$)/g, '')
  t = t.replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]/g, '')
  while (/[^\x08]\x08/.test(t)) t = t.replace(/[^\x08]\x08/g, '')
  t = t.replace(/[\b\x07]/g, '').replace(/\r+$/, '')
  return t.slice(t.lastIndexOf('\r') + 1)
}
export function unquoted(text: string): string {
  return text.replace(/^[ \t]*(?:[>|]+[ \t]?)*[ \t]*/, '')
}
