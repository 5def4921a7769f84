using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Jobs;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Tenants;

/// <summary>Jobs of several tenants in one pipeline, with one worker.</summary>
public sealed class TenantPipelineTests : IAsyncDisposable
{
    static readonly Tenant s_one = Tenant.Parse("one")!.Value, s_two = Tenant.Parse("two")!.Value;

    readonly PipelineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    // The rig's root, as a tenant's own; with a line less where that is asked for.
    async Task CopyAsync(Tenant tenant, bool shorter)
    {
        IBlobStore own = _rig.Store.For(tenant);
        await foreach (BlobEntry blob in _rig.Store.ListAsync("", default))
        {
            if (RootNames.IsInternal(blob.Name)) continue;
            await using Stream content = (await _rig.Store.OpenReadAsync(blob.Name, 0, default))!;
            using var reader = new StreamReader(content);
            string text = await reader.ReadToEndAsync();
            if (shorter && blob.Name == TestRoot.Sample().Input) text = text[..(text.TrimEnd('\n').LastIndexOf('\n') + 1)];
            await own.WriteAsync(blob.Name, new MemoryStream(Encoding.UTF8.GetBytes(text)), BlobCondition.None, default);
        }
    }

    async Task<string> SubmitAsync(Tenant tenant, SampleManifest manifest, string? key = null)
    {
        SubmitResult result = await _rig.Service.For(tenant)
            .SubmitAsync(PipelineRig.Request(manifest) with { IdempotencyKey = key }, default);
        Assert.Empty(result.Problems);
        return result.Outcome!.Job.Id;
    }

    [Fact]
    public async Task One_manifest_of_two_tenants_reads_and_writes_each_one_s_own_files()
    {
        await CopyAsync(s_one, shorter: false);
        await CopyAsync(s_two, shorter: true);
        string of = await SubmitAsync(Tenant.Default, TestRoot.Sample()), one = await SubmitAsync(s_one, TestRoot.Sample()),
            two = await SubmitAsync(s_two, TestRoot.Sample());
        await using (_rig.Start(new FakeTasks())) await _rig.UntilEndedAsync(of, one, two);
        JobRow[] rows = [(await _rig.Index.Jobs.GetAsync(of))!, (await _rig.Index.Jobs.GetAsync(one))!,
            (await _rig.Index.Jobs.GetAsync(two))!];
        Assert.Equal([(JobState.Completed, 23L, Tenant.Default), (JobState.Completed, 23L, s_one), (JobState.Completed, 22L, s_two)],
            rows.Select(r => (r.State, r.ItemsSucceeded!.Value, r.Tenant)));
        Assert.Equal(rows[0].Fingerprint, rows[1].Fingerprint);
        Assert.NotEqual(rows[0].Fingerprint, rows[2].Fingerprint);
        foreach (JobRow row in rows)
            Assert.Equal(row.ItemsSucceeded,
                await new JobResults(_rig.Store.For(row.Tenant)).LinesAsync(row, JobResults.Cells(row)[0], default).CountAsync());
    }

    [Fact]
    public async Task A_tenant_s_index_has_its_own_rows_alone()
    {
        await CopyAsync(s_one, shorter: false);
        await CopyAsync(s_two, shorter: false);
        // Of one idempotency key each tenant has its own.
        string one = await SubmitAsync(s_one, TestRoot.Sample(), "k"), two = await SubmitAsync(s_two, TestRoot.Sample(), "k");
        Assert.NotEqual(one, two);
        Assert.Equal(one, await SubmitAsync(s_one, TestRoot.Sample(), "k"));
        IPipelineIndex index = _rig.Index.For(s_one);
        Assert.Equal([one], (await index.Jobs.ListAsync(new JobFilter(), null, 10)).Jobs.Select(j => j.Id));
        Assert.Equal(2, (await _rig.Index.Jobs.ListAsync(new JobFilter(), null, 10)).Jobs.Count);
        Assert.Empty((await _rig.Index.For(Tenant.Default).Jobs.ListAsync(new JobFilter(), null, 10)).Jobs);
        Assert.Null(await index.Jobs.GetAsync(two));
        Assert.Equal(CancelOutcome.Unknown, await index.Jobs.CancelAsync(two));
        Assert.False(await index.Jobs.RetryAsync(two));
        Assert.Equal(JobState.Queued, (await _rig.Index.Jobs.GetAsync(two))!.State);
        Assert.Equal(CancelOutcome.Cancelled, await index.Jobs.CancelAsync(one));
    }

    [Theory]
    [InlineData("default", true)]
    [InlineData("a-1", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("a'b", false)]
    public void A_tenant_s_name_is_one_that_a_folder_can_have(string name, bool isName)
    {
        Assert.Equal(isName, Tenant.Parse(name) is not null);
        Assert.False(Tenant.Parse(new string('a', 64)) is not null);
        if (isName) Assert.Equal(name, Tenant.Parse(name)!.Value.ToString());
    }
}
