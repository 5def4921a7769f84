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
    public Task<ManifestReading> ReadAsync(SubmitRequest request, CancellationToken cancellationToken) =>
        ReadAsync(probe => ManifestReader.Parse(request.Body.Span, request.File, request.Format, probe), request.File, "",
            cancellationToken);

    /// <summary>The same for a manifest that is a part of something else.</summary>
    /// <param name="parse">Reads it, with what is at the paths that it names.</param>
    /// <param name="file">What problems call the text.</param>
    /// <param name="at">The manifest's pointer in it.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    public async Task<ManifestReading> ReadAsync(
        Func<IPathProbe, ManifestReading> parse, string file, string at, CancellationToken cancellationToken)
    {
        var probe = new BlobProbe();
        parse(probe);
        await probe.FetchAsync(new RootContent(store, index), cancellationToken);
        ManifestReading reading = parse(probe);
        if (reading.Manifest is null) return reading;
        List<Problem> problems = [.. Jobs(reading.Manifest).SelectMany(job => PathFields.Of(job.Job)
            .Select(field => (field, why: Refusal(field.Path)))
            .Where(f => f.why is not null)
            .Select(f => reading.At(file, at + job.At + f.field.Pointer,
                $"expected a path that a blob can have, found \"{f.field.Path}\": {f.why}")))];
        List<(WorkManifest Job, string At)> jobs = [.. Jobs(reading.Manifest)];
        foreach ((WorkManifest job, string inside) in jobs)
            if (await _tokenizers.RunAsync(job, [.. jobs.Select(j => j.Job)], cancellationToken) is var (pointer, message)
                && !reading.IsFilled(at + inside + pointer))
                problems.Add(reading.At(file, at + inside + pointer, message));
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
