using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Submitting;

/// <summary>Reads a manifest's text and checks it against a blob store: the same problems, word for word, as against a folder.</summary>
internal sealed class ManifestCheck(IBlobStore store, ICacheIndex index)
{
    readonly TokenizerCheck _tokenizers = new(store);

    /// <summary>Reads and checks. The time that it takes doesn't depend on how much the files hold.</summary>
    public async Task<ManifestReading> ReadAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        var probe = new BlobProbe();
        ManifestReader.Parse(request.Body.Span, request.File, request.Format, probe);
        await probe.FetchAsync(new RootContent(store, index), cancellationToken);
        ManifestReading reading = ManifestReader.Parse(request.Body.Span, request.File, request.Format, probe);
        if (reading.Manifest is null) return reading;
        List<Problem> problems = [.. Jobs(reading.Manifest).SelectMany(job => PathFields.Of(job.Job)
            .Select(field => (field, why: Refusal(field.Path)))
            .Where(f => f.why is not null)
            .Select(f => reading.At(request.File, job.At + f.field.Pointer, $"expected a path that a blob can have, found \"{f.field.Path}\": {f.why}")))];
        List<(WorkManifest Job, string At)> jobs = [.. Jobs(reading.Manifest)];
        foreach ((WorkManifest job, string at) in jobs)
            if (await _tokenizers.RunAsync(job, [.. jobs.Select(j => j.Job)], cancellationToken) is var (pointer, message))
                problems.Add(reading.At(request.File, at + pointer, message));
        return problems.Count == 0 ? reading : reading with { Manifest = null, Problems = problems };
    }

    /// <summary>A manifest's jobs with their pointers.</summary>
    public static IEnumerable<(WorkManifest Job, string At)> Jobs(JobManifest manifest) => manifest switch
    {
        PipelineManifest pipeline => pipeline.Jobs.Select((job, i) => (job, $"/jobs/{i}")),
        WorkManifest job => [(job, "")],
        _ => [],
    };

    static string? Refusal(string path) =>
        RootNames.IsInternal(path) ? $"\"{RootNames.Internal}\" belongs to the pipeline" : BlobName.Refusal(path);
}
