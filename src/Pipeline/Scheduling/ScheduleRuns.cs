using System.Text;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Submitting;

namespace DiffusionBatch.Pipeline.Scheduling;

/// <summary>
/// Makes runs of schedules: the template with the run's words in place, checked as if someone had submitted it just then.
/// </summary>
internal sealed class ScheduleRuns(IBlobStore store, ICacheIndex caches, Estimator estimator, TimeProvider time)
{
    readonly ManifestCheck _check = new(store, caches);

    /// <summary>The jobs of a run, or what is wrong with its manifest.</summary>
    public async Task<(Submission? Run, IReadOnlyList<Problem> Problems)> MakeAsync(
        ScheduleRow schedule, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var words = RunWords.Of(at, TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone), schedule.Runs + 1);
        byte[] template = Encoding.UTF8.GetBytes(schedule.Manifest);
        ManifestReading reading = await _check.ReadAsync(probe => ScheduleReader.Run(template, words, probe), "manifest", "",
            cancellationToken);
        return reading.Manifest is { } manifest
            ? (await Submissions.OfAsync(manifest, estimator, time, JobPriority.Normal, null, cancellationToken), [])
            : (null, reading.Problems);
    }

    /// <summary>Reads a schedule's text and checks it against the store.</summary>
    public async Task<ScheduleReading> ReadAsync(ScheduleRequest request, CancellationToken cancellationToken)
    {
        ScheduleSettings? settings = null;
        string template = "";
        ManifestReading manifest = await _check.ReadAsync(
            probe =>
            {
                ScheduleReading reading = ScheduleReader.Read(request, time.GetUtcNow(), probe);
                (settings, template) = (reading.Settings, reading.Template);
                return reading.Manifest;
            },
            request.File, ScheduleReader.Manifest, cancellationToken);
        return new ScheduleReading(settings, template, manifest);
    }
}
