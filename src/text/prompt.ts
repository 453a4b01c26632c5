/** A shell's prompt with or without a command: `# perf script`, `$ sudo …`, `root@host:~# …`, `[root@host ~]# …`. */
export function isPrompt(line: string): boolean {
  return /^(?:\[[^\]\n]*@[^\]\n]*\]|[\w.-]+@[\w.-]+(?::[^\s#$%>]*)?|\([\w.-]+\) [\w.-]+@\S+)?\s*[#$%](?:\s|$)/.test(
    line,
  )
}
