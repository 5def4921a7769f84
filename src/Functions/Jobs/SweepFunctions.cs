using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Functions.Hosting;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.Hosting;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>Quality and cost of finished evaluations, for dashboards.</summary>
public sealed class SweepFunctions(TenantPipeline mine)
{
    const int MostListed = 5000, Listed = 1000;

    /// <summary>
    /// <c>GET /api/sweeps?job=&amp;name=&amp;metric=&amp;limit=</c>: the cells of finished evaluations, those of the newest first.
    /// </summary>
    [Function("ListSweeps")]
    public async Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/sweeps")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var filter = new SweepFilter
        {
            JobId = Query.Text(request, "job"),
            Name = Query.Text(request, "name"),
            Metric = Query.Text(request, "metric"),
        };
        IReadOnlyList<SweepCell> cells = await mine.Index.Sweeps.ListAsync(
            filter, Query.Number(request, "limit", 1, MostListed, Listed), cancellationToken);
        return Answer.Tagged(new SweepListView([.. cells.Select(View)]));
    }

    static SweepView View(SweepCell cell)
    {
        SweepPoint point = cell.Point;
        return new SweepView(cell.JobId, cell.Name, cell.Output, cell.FinishedAt, point.Cell, point.Steps,
            cell.Metrics.ToDictionary(
                m => m.Name, m => new ScoreView(double.IsFinite(m.Score) ? m.Score : null, m.Low, m.High, m.Signature),
                StringComparer.Ordinal))
        {
            Preset = point.Preset,
            LengthSource = point.LengthSource,
            Temperature = point.Temperature,
            Items = point.Items,
            ForwardPassesPerItem = point is { ForwardPasses: { } passes, Items: > 0 and var items } ? (double)passes / items : null,
            TokensPerSecond = point is { Tokens: { } tokens, Seconds: > 0 and var seconds } ? tokens / seconds : null,
            Seconds = point.Seconds,
            LatencyMedian = point.LatencyMedian,
            LatencyP95 = point.LatencyP95,
            PricePerThousandItems = point.PricePerThousandItems,
            Currency = point.Currency,
        };
    }
}
