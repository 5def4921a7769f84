using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Planning;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.Pipeline.Local;

/// <summary>Checks jobs as a whole before any work: input files, models, output folders. Reads only.</summary>
internal sealed class Preflight(string root, IJobTasks tasks, string manifestFile)
{
    /// <summary>Plans a manifest's jobs and checks each as far as that is possible before the others have run.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="problems">All that is wrong.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    public IReadOnlyList<PlannedJob> Plan(JobManifest manifest, out IReadOnlyList<Problem> problems, CancellationToken cancellationToken)
    {
        JobGraph graph = JobGraph.Of(manifest);
        var found = new List<Problem>();
        if (graph.Cycle.Count > 0)
            found.Add(new Problem(manifestFile, "/jobs", null, null, $"jobs wait for each other: {string.Join(" -> ", graph.Cycle)}"));
        var jobs = graph.Nodes.Select(n => new PlannedJob(n.Job, n.DependsOn, Pointer(manifest, n.Job))).ToList();
        var pending = new HashSet<string>(StringComparer.Ordinal);
        foreach (PlannedJob job in jobs)
        {
            found.AddRange(Check(job, pending, cancellationToken));
            if (job.Status != OutputStatus.Finished) pending.Add(job.Manifest.Output);
        }
        problems = found;
        return jobs;
    }

    /// <summary>Checks one job and fills in its inputs, its fingerprint and its output's status.</summary>
    /// <param name="job">The job.</param>
    /// <param name="pending">Output folders of jobs that have yet to run.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    public IReadOnlyList<Problem> Check(PlannedJob job, IReadOnlySet<string> pending, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        bool waits = false;
        var unreadable = new HashSet<string>(pending, StringComparer.Ordinal);
        foreach (PathField field in PathFields.Of(job.Manifest).Where(f => f.Role != PathRole.Output))
        {
            if (Fingerprint.IsPending(field.Path, pending)) waits = true;
            else if (CheckInput(job, field, cancellationToken) is { Count: > 0 } found)
            {
                problems.AddRange(found);
                unreadable.Add(field.Path);
            }
        }
        // A problem without a file is one of the manifest, at a pointer inside the job.
        problems.AddRange(tasks.Check(job.Manifest, root, unreadable, cancellationToken)
            .Select(p => p.File.Length > 0 ? p : p with { File = manifestFile, Pointer = job.Pointer + p.Pointer }));
        if (problems.Count > 0) return problems;
        var hashes = job.Inputs.ToDictionary(i => i.Key, i => i.Value.Sha256, StringComparer.Ordinal);
        foreach ((string file, string hash) in hashes) Keep(file, hash);
        IReadOnlyDictionary<string, string> known;
        try
        {
            known = Fingerprint.Known(job.Manifest, root, pending, hashes, Keep, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [new Problem(manifestFile, job.Pointer, null, null,
                $"what the job reads can't be read as a whole: {e.Message.TrimEnd('.')}")];
        }
        if (!waits) job.Fingerprint = Fingerprint.Of(known);
        job.Status = LocalOutput.Look(root, job, known, out IReadOnlyList<string> changed);
        if (job.Status == OutputStatus.Foreign)
            problems.Add(new Problem(manifestFile, job.Pointer + "/output", null, null,
                OutputFolder.Refusal(job.Manifest.Output, changed)));
        return problems;

        void Keep(string file, string hash) => job.Hashes[file] = hash;
    }

    IReadOnlyList<Problem> CheckInput(PlannedJob job, PathField field, CancellationToken cancellationToken)
    {
        string full = Path.Combine(root, field.Path);
        if (Unfinished(field) is { } unfinished) return [new Problem(manifestFile, job.Pointer + field.Pointer, null, null, unfinished)];
        switch (field.Role)
        {
            case PathRole.InputFile:
                if (job.Inputs.ContainsKey(field.Path)) return [];
                InputCheck check = InputReader.Check(full, field.Path, PlanRun.UseOf(job.Manifest, field.Path), cancellationToken);
                job.Inputs[field.Path] = check;
                return check.Problems;
            case PathRole.InputFolder when !Directory.Exists(full):
                return [new Problem(manifestFile, job.Pointer + field.Pointer, null, null, $"the folder {field.Path} does not exist")];
            case PathRole.Data when !File.Exists(full) && !Directory.Exists(full):
                return [new Problem(manifestFile, job.Pointer + field.Pointer, null, null,
                    $"neither a file nor a folder is at {field.Path}")];
            case PathRole.Input:
                return PredictionReader.Check(full, field.Path, cancellationToken);
            default:
                return [];
        }
    }

    // What a job is still writing, or failed to write, isn't fit to be read.
    string? Unfinished(PathField field)
    {
        for (string at = field.Path; at.Length > 0; at = Path.GetDirectoryName(at) ?? "")
            if (Why(at) is { } why) return why;
        string folder = Path.Combine(root, field.Path);
        // Predictions may be a folder of results folders.
        return field.Role == PathRole.Input && Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
                .Select(inner => Why($"{field.Path}/{Path.GetFileName(inner)}")).FirstOrDefault(why => why is not null)
            : null;

        string? Why(string at) => OutputManifest.Read(Path.Combine(root, at)) is { } output ? OutputFolder.Unfinished(at, output) : null;
    }

    static string Pointer(JobManifest manifest, WorkManifest job)
    {
        if (manifest is not PipelineManifest pipeline) return "";
        int index = 0;
        while (!ReferenceEquals(pipeline.Jobs[index], job)) index++;
        return $"/jobs/{index}";
    }
}
