using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Index.Pipelines;

public abstract partial class PipelineIndexCompliance
{
    static readonly Tenant s_limited = Tenant.Of("a");

    Task<bool> LimitAsync(TenantQuota quota) => Index.Quotas.SetAsync(s_limited, quota);

    Task<SubmitOutcome> SubmitOfAsync(string tenant, JobKind kind = JobKind.Sample, string? key = null) =>
        Index.For(Tenant.Of(tenant)).Jobs.SubmitAsync(new Submission([Job(kind: kind)]) { IdempotencyKey = key, BodyHash = key });

    [Fact]
    public async Task A_tenant_s_quota_is_set_and_shown_and_another_s_index_knows_nothing_of_it()
    {
        Assert.Equal(new TenantUsage(new TenantQuota(), 0, 0, 0), await Index.Quotas.GetAsync(s_limited));
        var quota = new TenantQuota { MostItems = 100, MostTasks = 3 };
        Assert.True(await LimitAsync(quota));
        string job = await PlannedOfAsync("a", 4);
        await PlannedOfAsync("b", 9);
        await ClaimAsync(job, 0);
        await WorkAsync(job, 1);
        await Index.Quotas.SettleAsync(s_limited, "data/in.jsonl", 70);
        await Index.Quotas.SettleAsync(Tenant.Of("b"), "data/in.jsonl", 700);
        await Index.Batches.AddFileAsync(NewFile("a"));
        Assert.Equal(new TenantUsage(quota, 30, 82, 1), await Index.For(s_limited).Quotas.GetAsync(s_limited));
        Assert.Null(await Index.For(Tenant.Of("b")).Quotas.GetAsync(s_limited));
        Assert.False(await Index.For(Tenant.Of("b")).Quotas.SetAsync(s_limited, new TenantQuota()));
        Assert.True(await LimitAsync(new TenantQuota { MostBytes = 1 }));
        Assert.Equal(new TenantQuota { MostBytes = 1 }, (await Index.Quotas.GetAsync(s_limited))!.Quota);
    }

    [Fact]
    public async Task A_submission_is_refused_whole_while_as_many_items_are_queued_as_may_be()
    {
        await LimitAsync(new TenantQuota { MostItems = 20 });
        SubmitOutcome first = await SubmitOfAsync("a", key: "k");
        await PlanAsync(first.Job.Id, 2);
        QuotaExceededException refused = await Assert.ThrowsAsync<QuotaExceededException>(() => SubmitOfAsync("a", key: "l"));
        Assert.Equal(QuotaKind.Items, refused.Kind);
        Assert.Equal("The tenant a may have 20 items queued and has 20; submit again once some of them are done, or ask an admin of the "
            + "default tenant for more: PUT /api/tenants/a/quota.", refused.Message);
        await Assert.ThrowsAsync<QuotaExceededException>(() => SubmitAsync(Job() with { ParentId = null }, s_limited));
        Assert.Single((await Index.For(s_limited).Jobs.ListAsync(new JobFilter(), null, 10)).Jobs);
        Assert.Empty(await Index.Outbox.PendingAsync(10));
        // What is there already is told again; what has no items, and other tenants', is taken.
        Assert.Equal(SubmitStatus.Existing, (await SubmitOfAsync("a", key: "k")).Status);
        await SubmitOfAsync("a", JobKind.Finetune);
        await SubmitOfAsync("b");
        await WorkAsync(first.Job.Id, 0);
        Assert.Equal(SubmitStatus.Created, (await SubmitOfAsync("a", key: "l")).Status);
    }

    Task<SubmitOutcome> SubmitAsync(SubmittedJob job, Tenant tenant) =>
        Index.Jobs.SubmitAsync(new Submission([job]) { Tenant = tenant });

    [Fact]
    public async Task Of_plans_at_once_no_more_are_ended_than_there_is_room_for_their_items()
    {
        string[] jobs = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await SubmitOfAsync("a")).Job.Id))];
        await LimitAsync(new TenantQuota { MostItems = 50 });
        var plans = new List<int>();
        foreach (string job in jobs)
        {
            plans.Add((await Index.Planning.ClaimPlanAsync(job, "p", Lease))!.Value);
            await Index.Planning.AddTasksAsync(job, plans[^1], Tasks(2));
        }
        bool[] ended = await RaceAsync(4, async (index, i) =>
        {
            try
            {
                return await index.Planning.FinishPlanAsync(jobs[i], plans[i],
                    new PlanOutcome { Fingerprint = "f", Tasks = 2, ItemsTotal = 20 });
            }
            catch (QuotaExceededException e)
            {
                Assert.StartsWith("It has 20 items. The tenant a may have 50 items queued and has 40 of other jobs; submit it again once ",
                    e.Message, StringComparison.Ordinal);
                return false;
            }
        });
        Assert.Equal(2, ended.Count(e => e));
        Assert.Equal(40, (await Index.Quotas.GetAsync(s_limited))!.Items);
    }

    [Fact]
    public async Task No_more_tasks_run_at_once_than_may_and_the_others_messages_stay_behind()
    {
        await LimitAsync(new TenantQuota { MostTasks = 3 });
        string[] jobs = [await PlannedOfAsync("a", 4), await PlannedOfAsync("a", 4)];
        await PlannedOfAsync("b", 2);
        Assert.Equal(3, (await SentAsync()).Count(t => jobs.Contains(t.Job)));
        // Whatever messages there are.
        using (var connection = Look())
            await Dapper.SqlMapper.ExecuteAsync(connection,
                "update tasks set sent_for = 'a', sent_to = 'dbatch-tasks-normal' where state = 'queued' and sent_for is null");
        ClaimOutcome[] claims = await RaceAsync(8,
            (index, i) => index.Tasks.ClaimInTurnAsync(new TaskKey(jobs[i % 2], i / 2), $"w{i}", Lease));
        Assert.InRange(claims.Count(c => c.Status == ClaimStatus.Claimed), 1, 3);
        for (int i = 0; i < 8; i++)
        {
            ClaimOutcome claim = await Index.Tasks.ClaimAsync(new TaskKey(jobs[i % 2], i / 2), "w", Lease);
            if (claim.Status == ClaimStatus.Held) Assert.True(claim.Until > Time.GetUtcNow());
        }
        Assert.Equal(3, (await Index.Quotas.GetAsync(s_limited))!.Tasks);
        await LimitAsync(new TenantQuota { MostTasks = 0 });
        await PlannedOfAsync("a", 4);
        Assert.DoesNotContain(await SentAsync(), t => jobs.Contains(t.Job));
    }

    [Fact]
    public async Task A_file_is_counted_before_it_is_written_and_refused_where_there_is_no_room()
    {
        await LimitAsync(new TenantQuota { MostBytes = 100 });
        await Index.Batches.AddFileAsync(NewFile("a"));
        Assert.Null(await Index.Quotas.ReserveAsync(s_limited, "x", 60));
        QuotaExceededException refused =
            await Assert.ThrowsAsync<QuotaExceededException>(() => Index.Quotas.ReserveAsync(s_limited, "y", 29));
        Assert.Equal(QuotaKind.Bytes, refused.Kind);
        Assert.StartsWith("The tenant a may have 100 bytes of files and has 72; this file has 29.", refused.Message,
            StringComparison.Ordinal);
        // It takes the place of what it replaces, and gives it back where it isn't written.
        Assert.Equal(60, await Index.Quotas.ReserveAsync(s_limited, "x", 88));
        await Index.Quotas.SettleAsync(s_limited, "x", 10);
        Assert.Null(await Index.Quotas.ReserveAsync(s_limited, "y", 29));
        await Index.Quotas.SettleAsync(s_limited, "y", null);
        Assert.Equal(22, (await Index.Quotas.GetAsync(s_limited))!.Bytes);
        long?[] raced = await RaceAsync(6, async (index, i) =>
        {
            try
            {
                await index.Quotas.ReserveAsync(s_limited, $"z{i}", 30);
                return 30L;
            }
            catch (QuotaExceededException)
            {
                return (long?)null;
            }
        });
        Assert.Equal(60, raced.Sum());
        await Assert.ThrowsAsync<QuotaExceededException>(
            () => Index.For(s_limited).Batches.AddFileAsync(NewFile("a") with { Bytes = 19 }));
        await Index.For(Tenant.Of("b")).Batches.AddFileAsync(NewFile("b") with { Bytes = 1000 });
    }
}
