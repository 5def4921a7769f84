using System.Threading.Channels;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Estimates;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;
using DiffusionBatch.Pipeline.Storage.Blobs;

namespace DiffusionBatch.Pipeline.Planning;

/// <summary>One attempt to plan a job: reads its inputs once from start to end, and cuts tasks on the way.</summary>
internal sealed class PlanRun(IBlobStore store, IPipelineIndex index, Estimator estimator, TimeProvider time, JobRow job, int attempt)
{
    /// <summary>Tasks that are written at once.</summary>
    public const int BatchSize = 1000;

    readonly ICacheIndex _caches = index.Caches.For(job.Tenant);
    readonly RootContent _root = new(store, index.Caches.For(job.Tenant));
    readonly WorkManifest _manifest = job.ReadManifest();
    readonly Dictionary<string, IReadOnlyList<PinnedFile>> _files = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    readonly List<Problem> _problems = [];
    int _tasks;
    long? _items;

    /// <summary>What a job reads an input file for.</summary>
    public static InputUse UseOf(WorkManifest manifest, string path) => manifest switch
    {
        SampleManifest sample when path == sample.Input => InputUse.Sample,
        EvaluateManifest => InputUse.References,
        FinetuneManifest { ReadsTexts: true } => InputUse.Texts,
        _ => InputUse.Pairs,
    };

    /// <summary>Plans.</summary>
    /// <returns>The manifest of an output that is finished already; null where the job has its tasks, or another plans it.</returns>
    /// <exception cref="ProblemsException">The job can't be run.</exception>
    public async Task<(OutputManifest? Finished, Fingerprint Fingerprint)?> RunAsync(CancellationToken cancellationToken)
    {
        foreach (PathField field in PathFields.Of(_manifest).Where(f => f.Role != PathRole.Output))
            await LookAsync(field, cancellationToken);
        if (_problems.Count > 0) throw new ProblemsException(_problems);
        await new JobInputs([.. _files.Values.SelectMany(f => f).DistinctBy(f => f.Path)]).PinAsync(store, job.Id, cancellationToken);
        foreach (PathField field in PathFields.Of(_manifest).Where(f => f.Role == PathRole.InputFile))
            if (!_hashes.ContainsKey(field.Path) && !await ReadAsync(field.Path, cancellationToken)) return null;
        if (_problems.Count > 0) throw new ProblemsException(_problems);
        foreach ((string path, IReadOnlyList<PinnedFile> files) in _files)
            if (!_hashes.ContainsKey(path)) _hashes[path] = await _root.HashAsync(path, files, cancellationToken);

        Fingerprint fingerprint = Fingerprint.Of(Fingerprint.SourcesOf(_manifest, path => _hashes[path]));
        OutputManifest? finished = await new OutputClaim(store, index.Jobs, time).TakeAsync(job, _manifest, fingerprint, _items ?? 0,
            cancellationToken);
        if (finished is not null) return (finished, fingerprint);
        if (_manifest is not SampleManifest)
        {
            if (!await index.Planning.AddTasksAsync(job.Id, attempt, [new TaskPlan(0, _manifest.Kind)], cancellationToken)) return null;
            _tasks = 1;
        }
        var plan = new PlanOutcome
        {
            Fingerprint = fingerprint.Value,
            Tasks = _tasks,
            ItemsTotal = _items,
            InputEtag = _manifest is SampleManifest sample ? _files[sample.Input][0].Tag : null,
            EstimateSeconds = (await estimator.OfAsync(_manifest, _items, cancellationToken)).Seconds,
        };
        return await index.Planning.FinishPlanAsync(job.Id, attempt, plan, cancellationToken) ? (null, fingerprint) : null;
    }

    async Task LookAsync(PathField field, CancellationToken cancellationToken)
    {
        if (_files.ContainsKey(field.Path)) return;
        if (await UnfinishedAsync(field.Path, cancellationToken) is { } unfinished)
        {
            _problems.Add(new Problem("manifest", field.Pointer, null, null, unfinished));
            return;
        }
        IReadOnlyList<PinnedFile> files = _files[field.Path] = await _root.FilesAsync(field.Path, cancellationToken);
        // Predictions may be a folder of results folders.
        if (field.Role == PathRole.Input)
            foreach (PinnedFile inner in files.Where(f => f.Path.EndsWith($"/{OutputManifest.FileName}", StringComparison.Ordinal)
                && f.Path.Count('/') == field.Path.Count('/') + 2))
                if (await UnfinishedAsync(inner.Path[..^(OutputManifest.FileName.Length + 1)], cancellationToken) is { } why)
                    _problems.Add(new Problem("manifest", field.Pointer, null, null, why));
        bool isFile = files is [{ } only] && only.Path == field.Path;
        Problem? problem = field.Role switch
        {
            PathRole.InputFile when files.Count == 0 => InputReader.Missing(field.Path).Problems[0],
            PathRole.InputFile when !isFile => Problem.OfFile(field.Path, "expected a file, found a folder"),
            PathRole.InputFolder when isFile || files.Count == 0 =>
                new Problem("manifest", field.Pointer, null, null, $"the folder {field.Path} does not exist"),
            PathRole.Input when files.Count == 0 => Problem.OfFile(field.Path, "neither a file nor a folder is there"),
            PathRole.Data when files.Count == 0 =>
                new Problem("manifest", field.Pointer, null, null, $"neither a file nor a folder is at {field.Path}"),
            _ => null,
        };
        if (problem is not null) _problems.Add(problem);
    }

    // What a job is still writing, or failed to write, isn't fit to be read.
    async Task<string?> UnfinishedAsync(string path, CancellationToken cancellationToken)
    {
        for (string at = path; at.Length > 0; at = at.LastIndexOf('/') is > 0 and var cut ? at[..cut] : "")
            if ((await store.ReadOutputAsync(at, cancellationToken)).Manifest is { } output
                && OutputFolder.Unfinished(at, output) is { } why)
                return why;
        return null;
    }

    // Checks and hashes a file in one pass; the one that is sampled over is cut into tasks. False: another plans.
    async Task<bool> ReadAsync(string path, CancellationToken cancellationToken)
    {
        PinnedFile file = _files[path][0];
        Stream content = await _root.OpenAsync(file, 0, cancellationToken);
        SampleManifest? cut = _manifest is SampleManifest sample && sample.Input == path ? sample : null;
        var tasks = Channel.CreateBounded<TaskPlan>(2 * BatchSize);
        int cells = cut is null ? 0 : cut.Cells().Count;
        var cutter = cut is null ? null : new ShardCutter(cut.ShardSize, Send);
        Task<InputCheck> reading =
            Task.Run(() => InputReader.Check(content, path, UseOf(_manifest, path), cutter is null ? null : cutter.Add, cancellationToken),
                cancellationToken);
        if (cutter is not null)
        {
            Task<bool> writing = WriteAsync(tasks.Reader, cancellationToken);
            // A writer that stopped, fenced off or failing, would leave the reader waiting.
            _ = writing.ContinueWith(_ => tasks.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default);
            try
            {
                await reading;
                cutter.Finish();
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The writer stopped; it says why.
            }
            finally
            {
                tasks.Writer.TryComplete();
            }
            if (!await writing) return false;
            _tasks = cutter.Parts;
        }
        InputCheck check = await reading;
        await _root.DemandAsync(file, cancellationToken);
        _problems.AddRange(check.Problems);
        _hashes[path] = check.Sha256;
        if (cut is not null) _items = check.Items;
        if (check.Problems.Count == 0) await _caches.SaveHashAsync(file.Path, file.Tag, check.Sha256, cancellationToken);
        return true;

        // The reader, which has a thread to itself, waits where the index falls behind: memory stays that of a batch.
        void Send(TaskPlan task)
        {
            // Shards tell how many results they have, and each item has one in every cell.
            task = task with { Units = task.ItemCount * cells };
            while (!tasks.Writer.TryWrite(task))
                if (!tasks.Writer.WaitToWriteAsync(cancellationToken).AsTask().GetAwaiter().GetResult())
                    throw new OperationCanceledException(cancellationToken);
        }
    }

    async Task<bool> WriteAsync(ChannelReader<TaskPlan> tasks, CancellationToken cancellationToken)
    {
        var batch = new List<TaskPlan>(BatchSize);
        while (await tasks.WaitToReadAsync(cancellationToken))
        {
            while (batch.Count < BatchSize && tasks.TryRead(out TaskPlan? task)) batch.Add(task);
            if (!await index.Planning.AddTasksAsync(job.Id, attempt, batch, cancellationToken)) return false;
            batch.Clear();
        }
        return true;
    }
}
