// The systems of tracepoints that the kernel's own text and trace-cmd print without them: `kfree_skb`. By the format
// files of Linux 5.10 to 7.2; no name is in two systems (Linux 6.18, 2,323 tracepoints).

const EVENTS: Readonly<Record<string, string>> = {
  skb: 'kfree_skb consume_skb skb_copy_datagram_iovec',
  net: `netif_receive_skb netif_rx net_dev_queue net_dev_xmit net_dev_xmit_timeout net_dev_start_xmit
    napi_gro_frags_entry napi_gro_frags_exit napi_gro_receive_entry napi_gro_receive_exit netif_receive_skb_entry
    netif_receive_skb_exit netif_receive_skb_list_entry netif_receive_skb_list_exit netif_rx_entry netif_rx_exit
    netif_rx_ni_entry netif_rx_ni_exit`,
  napi: 'napi_poll dql_stall_detected',
  sock: `inet_sk_error_report inet_sock_set_state sk_data_ready sock_exceed_buf_limit sock_rcvqueue_full
    sock_recv_length sock_send_length`,
  tcp: `tcp_retransmit_skb tcp_send_reset tcp_receive_reset tcp_destroy_sock tcp_rcv_space_adjust
    tcp_retransmit_synack tcp_probe tcp_bad_csum tcp_cong_state_set tcp_hash_bad_header tcp_hash_md5_required
    tcp_hash_md5_unexpected tcp_hash_md5_mismatch tcp_hash_ao_required tcp_ao_handshake_failure tcp_rcvbuf_grow
    tcp_sendmsg_locked`,
  udp: 'udp_fail_queue_rcv_skb',
  qdisc: 'qdisc_create qdisc_dequeue qdisc_destroy qdisc_drop qdisc_enqueue qdisc_reset',
  neigh: `neigh_cleanup_and_release neigh_create neigh_event_send_dead neigh_event_send_done neigh_timer_handler
    neigh_update neigh_update_done`,
  fib: 'fib_table_lookup',
  fib6: 'fib6_table_lookup',
  icmp: 'icmp_send',
  bridge: 'br_fdb_add br_fdb_external_learn_add br_fdb_update br_mdb_full fdb_delete',
  xdp: `xdp_exception xdp_bulk_tx xdp_redirect xdp_redirect_err xdp_redirect_map xdp_redirect_map_err
    xdp_cpumap_kthread xdp_cpumap_enqueue xdp_devmap_xmit`,
  devlink: 'devlink_trap_report devlink_hwmsg devlink_hwerr devlink_health_report',
  sched: `sched_switch sched_wakeup sched_wakeup_new sched_waking sched_migrate_task sched_process_exec
    sched_process_exit sched_process_fork sched_process_free sched_process_wait sched_prepare_exec sched_stat_runtime
    sched_stat_wait sched_stat_sleep sched_stat_iowait sched_stat_blocked sched_pi_setprio`,
  irq: 'irq_handler_entry irq_handler_exit softirq_entry softirq_exit softirq_raise tasklet_entry tasklet_exit',
  task: 'task_newtask task_rename',
  oom: 'mark_victim',
  signal: 'signal_generate signal_deliver',
  workqueue: 'workqueue_queue_work workqueue_activate_work workqueue_execute_start workqueue_execute_end',
  timer: 'timer_init timer_start timer_expire_entry timer_expire_exit timer_cancel tick_stop',
  ftrace: 'function funcgraph_entry funcgraph_exit kernel_stack user_stack print bprint bputs raw_data',
}

const SYSTEMS: ReadonlyMap<string, string> = new Map(
  Object.entries(EVENTS).flatMap(([system, names]) => names.split(/\s+/).map((name) => [name, system] as const)),
)

/** The event in full, of a name alone: `kfree_skb` → `skb:kfree_skb`. Undefined: the name is not in the table. */
export function fullEventName(name: string): string | undefined {
  const system = SYSTEMS.get(name)
  return system === undefined ? undefined : `${system}:${name}`
}
