using Dapper;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.OpenAi;
using DiffusionBatch.Pipeline.Restoring;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Tests.Index;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.OpenAi;
using DiffusionBatch.Pipeline.Tests.Webhooks;
using DiffusionBatch.Pipeline.Tests.Working;
using DiffusionBatch.Pipeline.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using StandardWebhooks;

namespace DiffusionBatch.Pipeline.Tests.Restoring;

/// <summary>Schedules, webhooks, keys, quotas, files and batches come back from the storage when the index was lost.</summary>
public sealed class RecordRestoreTests(PostgresFixture server) : IAsyncDisposable
{
    static readonly string[] s_tables = ["schedules", "schedule_ticks", "webhooks", "keys", "quotas", "files", "batches", "saved_records"];

    static readonly Tenant s_acme = Tenant.Parse("acme")!.Value;

    readonly BatchRig _batches = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    PipelineRig Rig => _batches.Rig;

    public ValueTask DisposeAsync() => _batches.DisposeAsync();

    RecordBackup Backup(IPipelineIndex index) => new(Rig.Store, index.Records, NullLogger<RecordBackup>.Instance);

    IndexBackup Jobs(IPipelineIndex index) => new(Rig.Store, index.Backup, NullLogger<IndexBackup>.Instance);

    WebhookService Webhooks(IPipelineIndex index) =>
        new(Rig.Store, index.Webhooks, new WebhookOptions(AllowPrivate: true), Rig.Time, NullLogger<WebhookService>.Instance);

    static List<string> Rows(ISqlDialect dialect)
    {
        using var connection = dialect.Open();
        return [.. s_tables.SelectMany(table => connection.Query($"select * from {table}")
            .Select(row => table + ": " + string.Join(", ", ((IDictionary<string, object?>)row).OrderBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => $"{c.Key}={c.Value}"))).Order(StringComparer.Ordinal))];
    }

    async Task<ScheduleRow> ScheduleAsync(Tenant tenant)
    {
        IScheduleIndex schedules = Rig.Index.For(tenant).Schedules;
        await schedules.AddAsync(new ScheduleRow
        {
            Name = "nightly",
            Cron = "* * * * *",
            TimeZone = "Europe/Berlin",
            Manifest = """{"kind":"sample","name":"ä"}""",
            Missed = ScheduleMissed.Last,
            NextAt = Rig.Time.GetUtcNow() + TimeSpan.FromMinutes(1),
        }, Cancel);
        return (await schedules.GetAsync("nightly", Cancel))!;
    }

    static KeyRow Key(string name, Tenant tenant) =>
        new() { Id = "key_" + name, Tenant = tenant, Name = name, Role = KeyRole.Admin, Hash = new string('a', 60) + name };

    // A batch that has ended, with its files; schedules of two tenants; one webhook; two keys.
    async Task FillAsync()
    {
        Assert.Equal("completed", (await _batches.RunAsync(BatchRig.Chat("1", "x"))).Status);
        ScheduleRow row = await ScheduleAsync(Tenant.Default);
        await ScheduleAsync(s_acme);
        var tick = new Tick(row.NextAt!.Value, row.NextAt + TimeSpan.FromMinutes(1));
        Assert.True(await Rig.Index.Schedules.PassAsync(row, tick, TickOutcome.Missed, "nobody was there", Cancel));
        await Rig.Index.Keys.AddAsync(Key("one", Tenant.Default), Cancel);
        await Rig.Index.Keys.AddAsync(Key("two", s_acme), Cancel);
        await Rig.Index.Quotas.SetAsync(Tenant.Default, new TenantQuota { MostTasks = 3 }, Cancel);
        await Rig.Index.Quotas.SetAsync(s_acme, new TenantQuota { MostItems = 1_000_000_000_000, MostBytes = 0 }, Cancel);
        using WebhookService webhooks = Webhooks(Rig.Index.For(s_acme));
        await webhooks.AddAsync("https://example.com/hook", WebhookEvents.State, Cancel);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_rows_as_before(bool postgres)
    {
        await FillAsync();
        await Jobs(Rig.Index).SaveAsync(Cancel);
        // Two schedules, two keys, two quotas, a webhook, a batch, what it read and what it wrote.
        Assert.Equal(10, await Backup(Rig.Index).SaveAsync(Cancel));
        Assert.Equal(0, await Backup(Rig.Index).SaveAsync(Cancel));
        List<string> before = Rows(new SqliteDialect(Rig.Database));
        ISqlDialect dialect = postgres ? await server.NewDatabaseAsync() : new SqliteDialect(Path.Combine(Rig.NewFolder(), "new.db"));
        await using var lost = new SqlPipelineIndex(dialect, Rig.Time);
        await Jobs(lost).RestoreAsync(Cancel);
        Assert.Equal([(2, 0), (1, 0), (2, 0), (2, 0), (2, 0), (1, 0)], await RestoreAsync(lost));
        Assert.Equal(before, Rows(dialect));
        Assert.Equal(Tenant.Parse("acme"), (await lost.Keys.FindAsync(Key("two", s_acme).Hash, Cancel))!.Tenant);
        Assert.Equal([(0, 2), (0, 1), (0, 2), (0, 2), (0, 2), (0, 1)], await RestoreAsync(lost));
        Assert.Equal(before, Rows(dialect));
        Assert.Equal(0, await Backup(lost).SaveAsync(Cancel));
    }

    async Task<(int, int)[]> RestoreAsync(IPipelineIndex index) =>
        [.. (await Backup(index).RestoreAsync(Cancel)).Select(c => (c.Entered, c.There))];

    SqlPipelineIndex Empty() => new(new SqliteDialect(Path.Combine(Rig.NewFolder(), "new.db")), Rig.Time);

    [Fact]
    public async Task What_was_changed_is_kept_anew_and_what_was_removed_does_not_come_back()
    {
        await FillAsync();
        await Backup(Rig.Index).SaveAsync(Cancel);
        ScheduleRow row = (await Rig.Index.Schedules.GetAsync("nightly", Cancel))!;
        await Rig.Index.Schedules.ChangeAsync(row with { Cron = "0 3 * * *" }, Cancel);
        await Rig.Index.For(s_acme).Schedules.RemoveAsync("nightly", Cancel);
        await Rig.Index.Keys.RemoveAsync("key_one", Cancel);
        await Rig.Index.Quotas.SetAsync(s_acme, new TenantQuota { MostBytes = 7 }, Cancel);
        Assert.Equal(4, await Backup(Rig.Index).SaveAsync(Cancel));
        await using SqlPipelineIndex lost = Empty();
        await RestoreAsync(lost);
        Assert.Equal(new TenantQuota { MostBytes = 7 }, (await lost.Quotas.GetAsync(s_acme, Cancel))!.Quota);
        Assert.Equal("0 3 * * *", Assert.Single(await lost.Schedules.ListAsync(Cancel)).Cron);
        Assert.Equal("key_two", Assert.Single(await lost.Keys.ListAsync(Cancel)).Id);
    }

    [Fact]
    public async Task An_index_that_lost_all_drops_nothing_of_what_is_kept()
    {
        await FillAsync();
        await Backup(Rig.Index).SaveAsync(Cancel);
        await using SqlPipelineIndex lost = Empty();
        // The app ran on before anybody noticed.
        await lost.Keys.AddAsync(Key("three", Tenant.Default), Cancel);
        await Backup(lost).SaveAsync(Cancel);
        await RestoreAsync(lost);
        Assert.Equal(["key_one", "key_three", "key_two"], (await lost.Keys.ListAsync(Cancel)).Select(k => k.Id));
        Assert.Equal(2, (await lost.Schedules.ListAsync(Cancel)).Count);
    }

    [Fact]
    public async Task A_webhook_signs_as_before_and_one_without_its_secret_is_told_as_are_files_without_content()
    {
        Rig.Time.Advance(TimeProvider.System.GetUtcNow() - Rig.Time.GetUtcNow());
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        using WebhookService before = Webhooks(Rig.Index);
        (_, string secret) = await before.AddAsync(receiver.Url, WebhookEvents.End, Cancel);
        (WebhookRow mute, _) = await before.AddAsync("https://example.com/gone", WebhookEvents.End, Cancel);
        string file = await _batches.UploadAsync(BatchRig.Chat("1", "x"));
        await Backup(Rig.Index).SaveAsync(Cancel);
        await Rig.Store.DeleteAsync($"{RootNames.Internal}/webhooks/{mute.Id}", BlobCondition.None, Cancel);
        await Rig.Store.DeleteAsync($"openai/files/{file}.jsonl", BlobCondition.None, Cancel);
        await foreach (BlobEntry kept in Rig.Store.ListAsync($"{RootNames.Internal}/records/", Cancel))
            Assert.DoesNotContain(secret["whsec_".Length..], await TextAsync(kept.Name), StringComparison.Ordinal);

        await using SqlPipelineIndex lost = Empty();
        IReadOnlyList<RestoreCount> counts = await Backup(lost).RestoreAsync(Cancel);
        Assert.Equal([(RecordKind.Webhooks, mute.Id), (RecordKind.Files, file)],
            counts.SelectMany(c => c.Left.Select(l => (c.Kind, l))));
        using WebhookService after = Webhooks(lost);
        var job = new SubmittedJob { Id = "job_1", Name = "s", Kind = JobKind.Sample, Manifest = "{}" };
        await lost.Jobs.SubmitAsync(new Submission([job]), Cancel);
        await lost.Jobs.FinishAsync(job.Id, new JobEnd(JobState.Failed), Cancel);
        Assert.Equal(1, await after.RunOnceAsync(Cancel));
        var (body, headers) = Assert.Single(receiver.Received);
        new StandardWebhook(secret).Verify(body, headers);
    }

    [Fact]
    public async Task A_batch_that_had_not_ended_is_checked_submitted_and_answered_again()
    {
        BatchObject batch = await _batches.CreateAsync(BatchRig.Chat("1", "x"));
        await _batches.UntilAsync(batch.Id, "in_progress");
        await Backup(Rig.Index).SaveAsync(Cancel);
        await using var again = new PipelineRig(Rig.Store);
        await Jobs(again.Index).RestoreAsync(Cancel);
        await Backup(again.Index).RestoreAsync(Cancel);
        Assert.Equal(BatchStatus.Validating, (await again.Index.Batches.GetAsync(batch.Id, Cancel))!.Status);
        var runner = new BatchRunner(Rig.Store, again.Index, again.Service, new OpenAiLimits(), NullLogger<BatchRunner>.Instance);
        BatchRow? row = null;
        await using (again.Start(new FakeTasks()))
            await again.UntilAsync(async () =>
            {
                await runner.RunOnceAsync(Cancel);
                return (row = await again.Index.Batches.GetAsync(batch.Id, Cancel)) is { FinishedAt: not null };
            });
        Assert.Equal((BatchStatus.Completed, 1L, 0L), (row!.Status, row.Completed, row.Failed));
    }

    [Fact]
    public async Task Times_before_the_latest_thousand_come_back_where_they_had_a_run()
    {
        await ScheduleAsync(Tenant.Default);
        ScheduleRow row = (await Rig.Index.Schedules.GetAsync("nightly", Cancel))!;
        DateTimeOffset first = row.NextAt!.Value;
        var job = new SubmittedJob { Id = "job_1", Name = "s", Kind = JobKind.Sample, Manifest = "{}" };
        await Rig.Index.Schedules.StartAsync(row, new Tick(first, first + TimeSpan.FromMinutes(1)), new Submission([job]), Cancel);
        await Rig.Index.Jobs.FinishAsync(job.Id, new JobEnd(JobState.Failed), Cancel);
        await Jobs(Rig.Index).SaveAsync(Cancel);
        row = (await Rig.Index.Schedules.GetAsync("nightly", Cancel))!;
        using (var connection = new SqliteDialect(Rig.Database).Open())
            connection.Execute("""
                with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)
                insert into schedule_ticks (tenant, schedule, scheduled_for, outcome)
                select '', 'nightly', printf('2999-01-01T%02d:%02d:00.000Z', i / 60, i % 60), 'skipped' from n
                """);
        await Backup(Rig.Index).SaveAsync(Cancel);
        await using SqlPipelineIndex lost = Empty();
        await Jobs(lost).RestoreAsync(Cancel);
        await Backup(lost).RestoreAsync(Cancel);
        IReadOnlyList<TickRow> ticks = await lost.Schedules.TicksAsync("nightly", 2000, Cancel);
        Assert.Equal((1001, first, TickOutcome.Submitted, "job_1"),
            (ticks.Count, ticks[^1].ScheduledFor, ticks[^1].Outcome, ticks[^1].JobId));
    }

    async Task<string> TextAsync(string name)
    {
        using var reader = new StreamReader((await Rig.Store.OpenReadAsync(name, 0, Cancel))!);
        return await reader.ReadToEndAsync(Cancel);
    }
}
