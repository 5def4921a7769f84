using System.Net;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Tests;

[Collection(SharedApiTests.Name)]
public sealed class ExportTests(SharedApi shared)
{
    ApiHost Api => shared.Api;

    [Fact]
    public async Task A_job_without_results_yet_has_a_table_without_rows_that_is_not_complete()
    {
        string name = ApiHost.NewName();
        JobView job = await ApiHost.JobAsync(await Api.SubmitAsync(SharedApi.Sample(name)), HttpStatusCode.Accepted);
        using HttpResponseMessage csv = await Api.SendAsync("GET", $"/api/jobs/{job.Id}/export?format=csv"),
            parquet = await Api.SendAsync("GET", $"/api/jobs/{job.Id}/export"),
            head = await Api.SendAsync("HEAD", $"/api/jobs/{job.Id}/export?format=jsonl");
        Assert.Equal("job,cell,id,text,score,length,nfe,errorCode\r\n",
            await csv.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("false", "text/csv"),
            (csv.Headers.GetValues("X-Results-Complete").Single(), csv.Content.Headers.ContentType!.MediaType));
        Assert.Equal("PAR1"u8.ToArray(), (await parquet.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))[..4]);
        Assert.Equal($"{name}.parquet", parquet.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (head.StatusCode, head.Content.Headers.ContentType!.MediaType));
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", $"/api/jobs/{job.Id}/export?format=xml"), HttpStatusCode.BadRequest,
            "bad-parameter");
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", "/api/jobs/job_none/export"), HttpStatusCode.NotFound, "unknown-job");
    }
}
