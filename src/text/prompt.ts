/**
 * The prompt of a shell: `# `, `$ `, `root@host:~# `, `[root@host ~]# `, `bash-5.2# `. Each alternative fails in one
 * pass.
 */
const PROMPT =
  /^(?:\[[^\]@\n]*@[^\]\n]*\]|[\w.-]+@[\w.-]+(?::[^\s#$%>]*)?|\([\w.-]+\) [\w.-]+@\S+|[a-z]*sh-\d[\w.]*)?\s*[#$%](?:\s+|$)/
/** A word that can be a command, after settings of variables: `sudo`, `./x.sh`, `LC_ALL=C perf`. */
const COMMAND = /^(?:[A-Za-z_]\w*=\S*\s+)*[A-Za-z_./~][\w./~+@-]*(?:$|[\s;|&<>()])/

/** The offset after the prompt of a shell at the beginning of a line; 0 when there is no prompt. */
export function promptEnd(line: string): number {
  return PROMPT.exec(line)?.[0].length ?? 0
}

/** Whether a line is the prompt of a shell with a command or nothing after it. Other text may come from any tool. */
export function isPrompt(line: string): boolean {
  const end = promptEnd(line)
  return end > 0 && (end >= line.length || COMMAND.test(line.slice(end)))
}
