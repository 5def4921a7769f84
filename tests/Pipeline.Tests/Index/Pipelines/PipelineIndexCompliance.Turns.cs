using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    async Task<string> PlannedOfAsync(string tenant, int tasks, JobPriority priority = JobPriority.Normal)
    {
        string job = (await Index.For(Tenant.Of(tenant)).Jobs.SubmitAsync(new Submission([Job() with { Priority = priority }]))).Job.Id;
        int plan = (await Index.Planning.ClaimPlanAsync(job, "planner", Lease))!.Value;
        Assert.True(await Index.Planning.AddTasksAsync(job, plan, Tasks(tasks)));
        Assert.True(await Index.Planning.FinishPlanAsync(job, plan,
            new PlanOutcome { Fingerprint = "f", Tasks = tasks, ItemsTotal = tasks * 10 }));
        return job;
    }

    async Task<TaskKey[]> SentAsync()
    {
        await Index.Outbox.AdmitAsync();
        return [.. (await SendAsync()).Where(m => m.Kind == OutboxKind.Task).Select(m => new TaskKey(m.JobId, m.Ordinal!.Value))];
    }

    [Fact]
    public async Task Few_messages_of_a_tenant_s_tasks_are_out_at_a_time_and_others_follow_in_order_as_tasks_end()
    {
        string a = await PlannedOfAsync("a", 100), urgent = await PlannedOfAsync("a", 3, JobPriority.High),
            b = await PlannedOfAsync("b", 40);
        TaskKey[] first = await SentAsync();
        // Each queue and each tenant has room of its own.
        Assert.Equal(Enumerable.Range(0, AdmitTasks.Ahead), first.Where(t => t.Job == a).Select(t => t.Ordinal));
        Assert.Equal(Enumerable.Range(0, AdmitTasks.Ahead), first.Where(t => t.Job == b).Select(t => t.Ordinal));
        Assert.Equal(3, first.Count(t => t.Job == urgent));
        Assert.Empty(await SentAsync());
        for (int done = 1; done <= AdmitTasks.Ahead / 2; done++)
            // Sending is worth it once half of them are gone.
            Assert.Equal(done == AdmitTasks.Ahead / 2, await MakesRoomAsync(a, done - 1));
        Assert.Equal(Enumerable.Range(AdmitTasks.Ahead, AdmitTasks.Ahead / 2), (await SentAsync()).Select(t => t.Ordinal));
        // What ended makes room for the tenant's other jobs.
        string later = await PlannedOfAsync("b", 2);
        await Index.Jobs.CancelAsync(b);
        await Index.Jobs.FinishAsync(b, new JobEnd(JobState.Cancelled));
        Assert.Equal([new TaskKey(later, 0), new TaskKey(later, 1)], await SentAsync());
    }

    async Task<bool> MakesRoomAsync(string job, int ordinal) => (await WorkAsync(job, ordinal)).MakesRoom;

    [Fact]
    public async Task As_many_messages_are_out_beside_the_running_tasks_as_run()
    {
        await PlannedOfAsync("a", 200);
        for (int claimed = 0; claimed < 80;)
            foreach (TaskKey task in await SentAsync())
                if (claimed++ < 80) await ClaimAsync(task.Job, task.Ordinal);
        await SentAsync();
        Assert.Equal(40, await WaitingAsync());
        Assert.Empty(await SentAsync());
    }

    async Task<int> WaitingAsync()
    {
        using var connection = Look();
        return await Dapper.SqlMapper.ExecuteScalarAsync<int>(connection, "select count(*) from outbox where waits_for is not null");
    }

    [Fact]
    public async Task A_message_that_is_lost_or_whose_task_failed_waits_for_no_turn()
    {
        string a = await PlannedOfAsync("a", 100);
        await SentAsync();
        TaskRow failed = await ClaimAsync(a, 0);
        await Index.Tasks.ReleaseAsync(failed.Key, failed.Attempt, TaskRelease.Failed("no", TimeSpan.FromHours(1)));
        // One that waits to be tried again takes nobody's room.
        Assert.Equal([new TaskKey(a, AdmitTasks.Ahead)], await SentAsync());
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(AdmitTasks.Ahead, await Index.Upkeep.ResendAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal(Enumerable.Range(1, AdmitTasks.Ahead), (await SentAsync()).Select(t => t.Ordinal));
        await ClaimAsync(a, 1);
        Time.Advance(Lease);
        Assert.Equal(1, await Index.Upkeep.FreeLapsedAsync());
        Assert.Equal(1, (await SentAsync())[0].Ordinal);
    }

    // Workers that look at messages in a random order, tenants of different sizes, and ends in a random order.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tenants_that_wait_have_equal_shares_of_the_running_tasks(int seed)
    {
        var random = new Random(seed);
        string[] tenants = ["", "a", "b"];
        var sizes = new Dictionary<string, int> { [""] = 60, ["a"] = 12, ["b"] = 25 };
        var of = new Dictionary<string, string>();
        foreach (string tenant in tenants) of[await PlannedOfAsync(tenant, sizes[tenant])] = tenant;
        List<TaskKey> queue = [];
        List<TaskRow> running = [];
        int done = 0;
        while (done < sizes.Values.Sum())
        {
            queue.AddRange(await SentAsync());
            while (running.Count < 5 && queue.Count > 0)
            {
                ClaimOutcome outcome = null!;
                foreach (TaskKey task in queue.OrderBy(_ => random.Next()).ToArray())
                {
                    outcome = await Index.Tasks.ClaimInTurnAsync(task, "w", Lease);
                    if (outcome.Status == ClaimStatus.GivesWay) continue;
                    queue.Remove(task);
                    break;
                }
                // Somebody's turn it always is.
                Assert.Equal(ClaimStatus.Claimed, outcome.Status);
                running.Add(outcome.Task!);
                int Of(string tenant) => running.Count(t => of[t.JobId] == tenant);
                int own = Of(of[outcome.Task!.JobId]);
                Assert.All(queue.Select(t => of[t.Job]).Distinct(), tenant => Assert.InRange(own, 0, Of(tenant) + 1));
            }
            TaskRow end = running[random.Next(running.Count)];
            await Index.Tasks.CommitAsync(end.Key, end.Attempt, new TaskCommit());
            running.Remove(end);
            done++;
        }
        Assert.Equal(0, await WaitingAsync());
    }

    [Fact]
    public async Task Of_tenants_with_nothing_running_the_one_that_was_served_longer_ago_comes_first()
    {
        string a = await PlannedOfAsync("a", 10), b = await PlannedOfAsync("b", 3);
        await SentAsync();
        string order = "";
        for (int next = 0, ofA = 0, ofB = 0; next < 8; next++)
        {
            ClaimOutcome claim = await Index.Tasks.ClaimInTurnAsync(new TaskKey(a, ofA), "w", Lease);
            bool isA = claim.Status == ClaimStatus.Claimed;
            if (!isA) claim = await Index.Tasks.ClaimInTurnAsync(new TaskKey(b, ofB), "w", Lease);
            await Index.Tasks.CommitAsync(claim.Task!.Key, claim.Task.Attempt, new TaskCommit());
            order += isA ? "a" : "b";
            if (isA) ofA++;
            else ofB++;
        }
        Assert.Equal("abababaa", order);
        // Out of turn is possible where it must be.
        await PlannedOfAsync("b", 3);
        await SentAsync();
        await Index.Tasks.ClaimInTurnAsync(new TaskKey(a, 5), "w", Lease);
        Assert.Equal(ClaimStatus.GivesWay, (await Index.Tasks.ClaimInTurnAsync(new TaskKey(a, 6), "w", Lease)).Status);
        Assert.Equal(ClaimStatus.Claimed, (await Index.Tasks.ClaimAsync(new TaskKey(a, 6), "w", Lease)).Status);
    }
}
