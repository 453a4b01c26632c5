/** A shell's prompt with or without a command: `# perf script`, `$ sudo …`, `root@host:~# …`, `[root@host ~]# …`, `bash-5.2# …`. */
export function isPrompt(line: string): boolean {
  return /^(?:\[[^\]\n]*@[^\]\n]*\]|[\w.-]+@[\w.-]+(?::[^\s#$%>]*)?|\([\w.-]+\) [\w.-]+@\S+|[a-z]*sh-\d[\w.]*)?\s*[#$%](?:\s|$)/.test(
    line,
  )
}
