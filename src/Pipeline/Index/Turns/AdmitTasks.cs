using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Index;

/// <summary>
/// Lets the messages of a tenant's tasks out of the outbox, the oldest first, as many as there is room for: a queue holds few of each
/// tenant's, so that no one's million stands before another's hundred. What is out and lost is sent again without waiting.
/// </summary>
internal static class AdmitTasks
{
    /// <summary>Unclaimed messages of a tenant that a queue holds at least; it holds more where more of its tasks run than that.</summary>
    public const int Ahead = 32;

    /// <summary>
    /// What a new message of a task <c>t</c> of a job <c>j</c> waits for; nothing where an earlier one is out: it may be lost.
    /// </summary>
    public const string WaitsFor = "case when @turns = 1 and t.sent_for is null then j.tenant end";

    const string Waits = "select 1 from outbox where waits_for = @owner limit 1";

    const string WaitsIn = "select 1 from outbox where waits_for = @owner and queue = @queue limit 1";

    const string Out = """
        select sent_to as Queue, state as State, count(*) as Tasks from tasks
        where state in ('queued', 'running') and sent_to in (@high, @normal, @low) and sent_for = @owner
          and (not_before is null or not_before <= @now)
        group by sent_to, state
        """;

    const string Oldest = """
        select id as Id, job_id as Job, ordinal as Ordinal from outbox
        where waits_for = @owner and queue = @queue order by id limit @room
        """;

    /// <summary>Whether a tenant's messages wait, and so many may go out that it is worth it to send them now.</summary>
    public static async Task<bool> IsWorthItAsync(IndexSession session, string tenant)
    {
        if (await session.ScalarAsync<long>(Waits, new { owner = tenant }) == 0) return false;
        Room room = await RoomAsync(session, tenant);
        foreach (string queue in QueueNames.Tasks)
            if (room.In(queue) >= Math.Max(1, room.Most / 2)
                && await session.ScalarAsync<long>(WaitsIn, new { owner = tenant, queue }) > 0) return true;
        return false;
    }

    /// <summary>Lets out what there is room for; returns how many.</summary>
    public static async Task<int> RunAsync(IndexSession session, string tenant)
    {
        if (!session.TakesTurns)
            return await session.ExecuteAsync("update outbox set waits_for = null where waits_for = @owner", new { owner = tenant });
        if (await session.ScalarAsync<long>(Waits, new { owner = tenant }) == 0) return 0;
        Room room = await RoomAsync(session, tenant);
        int admitted = 0;
        foreach (string queue in QueueNames.Tasks)
        {
            if (room.In(queue) is not (> 0 and var free)) continue;
            IReadOnlyList<Message> messages =
                await session.ListAsync<Message>(Oldest + session.LockRows, new { owner = tenant, queue, room = free });
            foreach (IGrouping<string, Message> some in messages.GroupBy(m => m.Job))
                await session.ExecuteAsync(
                    "update tasks set sent_for = @owner, sent_to = @queue where job_id = @job and ordinal in "
                        + SqlList.Of(some.Select(m => (long)m.Ordinal)),
                    new { owner = tenant, queue, job = some.Key });
            if (messages.Count > 0)
                await session.ExecuteAsync($"update outbox set waits_for = null where id in {SqlList.Of(messages.Select(m => m.Id))}");
            room.Take(queue, messages.Count);
            admitted += messages.Count;
        }
        return admitted;
    }

    static async Task<Room> RoomAsync(IndexSession session, string tenant)
    {
        var arguments = new
        {
            owner = tenant,
            now = session.Now,
            high = QueueNames.Of(JobPriority.High),
            normal = QueueNames.Of(JobPriority.Normal),
            low = QueueNames.Of(JobPriority.Low),
        };
        return new Room(await session.ListAsync<Sent>(Out, arguments), (await TenantQuotas.ReadAsync(session, tenant))?.MostTasks);
    }

    /// <summary>How many more messages each queue takes.</summary>
    sealed class Room
    {
        readonly Dictionary<string, long> _unclaimed;
        long _left;

        public Room(IReadOnlyList<Sent> sent, long? mostTasks)
        {
            long running = sent.Where(s => s.State == TaskState.Running).Sum(s => s.Tasks);
            _unclaimed = sent.Where(s => s.State == TaskState.Queued).ToDictionary(s => s.Queue, s => s.Tasks, StringComparer.Ordinal);
            Most = Math.Max(Ahead, running);
            // More than may run at once needn't be out.
            if (mostTasks < Most) Most = mostTasks.Value;
            _left = mostTasks is { } most ? most - running - _unclaimed.Values.Sum() : long.MaxValue;
        }

        /// <summary>Unclaimed messages that a queue holds at most.</summary>
        public long Most { get; }

        public long In(string queue) => Math.Min(Most - _unclaimed.GetValueOrDefault(queue), _left);

        public void Take(string queue, int messages)
        {
            _unclaimed[queue] = _unclaimed.GetValueOrDefault(queue) + messages;
            _left -= messages;
        }
    }

    sealed record Sent
    {
        public string Queue { get; init; } = "";

        public TaskState State { get; init; }

        public long Tasks { get; init; }
    }

    sealed record Message
    {
        public long Id { get; init; }

        public string Job { get; init; } = "";

        public int Ordinal { get; init; }
    }
}
