using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Local;

public sealed class OutputTests : IDisposable
{
    readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Another_fingerprint_into_an_output_is_refused()
    {
        await _root.Run(TestRoot.Sample(), new FakeTasks());
        var before = _root.Files("");
        JobOutcome outcome = await _root.Run(TestRoot.Sample() with { Seed = 2 }, new FakeTasks());
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Problem problem = Assert.Single(outcome.Problems);
        Assert.Equal(("m.json", "/output"), (problem.File, problem.Pointer));
        Assert.Contains("results/s", problem.Message, StringComparison.Ordinal);
        Assert.Contains("\"overwrite\": true", problem.Message, StringComparison.Ordinal);
        Assert.Contains("the manifest", problem.Message, StringComparison.Ordinal);
        Assert.Equal(before, _root.Files(""));
    }

    [Fact]
    public async Task Inputs_models_and_outputs_of_any_name_are_where_they_are_named()
    {
        foreach (string name in FileNames.All.Where((name, i) => i % 4 == 0 || name.Length > 60))
        {
            _root.Write($"data/{name}", "{\"id\":\"a\",\"source\":\"x\"}\n");
            _root.Write($"m/{name}/{name}", "{}");
            _root.Write($"m/{name}/config.json", "{}"); // a folder that has hidden files alone is none
            SampleManifest job = TestRoot.Sample() with
            {
                Model = new ModelReference { From = $"m/{name}" },
                Input = $"data/{name}",
                Output = $"out/{name}"
            };
            File.WriteAllText(_root.Path("m.json"), ManifestWriter.Write(job));
            JobManifest read = ManifestReader.Read(_root.Path("m.json"), _root.Folder).Require();
            Assert.Equal(job.Output, ((SampleManifest)read).Output);
            JobOutcome outcome = await _root.Run(read, new FakeTasks());
            Assert.True(outcome.Verdict == JobVerdict.Done,
                $"{name}: {outcome.Error} {string.Join("; ", outcome.Problems)} {string.Join("; ", outcome.Jobs.Select(j => j.Error))}");
            Assert.True(File.Exists(_root.Path($"out/{name}/steps=8/part-00000.jsonl")), name);
        }
    }

    [Fact]
    public async Task A_link_without_an_end_in_a_model_is_a_problem_before_any_work()
    {
        Directory.CreateSymbolicLink(_root.Path("models/m/again"), ".");
        JobOutcome outcome = await _root.Run(TestRoot.Sample(), new FakeTasks());
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Contains("models/m/again is a symbolic link to a folder that it lies in", Assert.Single(outcome.Problems).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_root.Path("results")));
    }

    [Fact]
    public async Task The_message_says_what_changed()
    {
        await _root.Run(TestRoot.Sample(), new FakeTasks());
        _root.WriteInput(Enumerable.Range(1, 23));
        Assert.Contains("the content of data/in.jsonl", (await _root.Run(TestRoot.Sample(), new FakeTasks())).Problems[0].Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overwrite_replaces_and_mixes_nothing()
    {
        await _root.Run(TestRoot.Sample(), new FakeTasks());
        SampleManifest other = TestRoot.Sample() with { Seed = 2, Sampler = new SamplerSettings { Steps = 3 }, Overwrite = true };
        Assert.Equal(JobVerdict.Done, (await _root.Run(other, new FakeTasks())).Verdict);
        Assert.Equal(["manifest.json", "steps=3"],
            Directory.GetFileSystemEntries(_root.Path("results/s")).Select(Path.GetFileName).Order());
        Assert.False(Directory.Exists(_root.Path(".dbatch-trash")));
        // With the same fingerprint there is nothing to overwrite.
        var tasks = new FakeTasks();
        Assert.True((await _root.Run(other, tasks)).Jobs[0].Unchanged);
        Assert.True((await _root.Run(other with { Overwrite = false, Name = "renamed" }, tasks)).Jobs[0].Unchanged);
        Assert.Equal(0, tasks.Sampled);
    }

    [Fact]
    public async Task An_index_that_is_no_database_is_named_with_what_to_do()
    {
        _root.Write("dbatch.db", "this is no database, whatever its name says");
        JobOutcome outcome = await _root.Run(TestRoot.Sample(), new FakeTasks());
        Assert.Equal(JobVerdict.Failed, outcome.Verdict);
        Assert.StartsWith(_root.Path("dbatch.db") + ", the index of the jobs, can't be used: ", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("move the file away, and the index is made anew from the output folders", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_root.Path("results")));
        File.Delete(_root.Path("dbatch.db"));
        Assert.Equal(JobVerdict.Done, (await _root.Run(TestRoot.Sample(), new FakeTasks())).Verdict);
    }

    [Fact]
    public async Task Files_that_no_job_wrote_are_not_touched()
    {
        _root.Write("results/s/notes.txt", "mine");
        JobOutcome outcome = await _root.Run(TestRoot.Sample(), new FakeTasks());
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal("mine", File.ReadAllText(_root.Path("results/s/notes.txt")));
    }

    [Fact]
    public async Task An_output_in_a_pipeline_is_checked_before_the_first_job_runs()
    {
        await _root.Run(TestRoot.Sample() with { Seed = 5 }, new FakeTasks());
        var tasks = new FakeTasks();
        var pipeline = new PipelineManifest
        {
            Name = "p",
            Jobs =
            [
                new FinetuneManifest { Name = "f", Output = "models/f", Model = new() { From = "models/m" },
                    Data = new() { Train = "data/in.jsonl" } },
                TestRoot.Sample() with { Model = new() { From = "models/f" } },
            ],
        };
        JobOutcome outcome = await _root.Run(pipeline, tasks);
        Assert.Equal("/jobs/1/output", Assert.Single(outcome.Problems).Pointer);
        Assert.Equal(0, tasks.Finetuned);
        Assert.False(Directory.Exists(_root.Path("models/f")));
    }

    [Fact]
    public async Task Bad_input_writes_nothing()
    {
        _root.Write("data/in.jsonl", "{\"id\":\"a\",\"source\":\"x\"}\n{\"id\":\"a\",\"source\":\"y\"}\n{oops\n");
        var before = _root.Files("");
        JobOutcome outcome = await _root.Run(TestRoot.Sample(), new FakeTasks());
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.Equal([2, 3], outcome.Problems.Select(p => p.Line));
        Assert.Equal(before, _root.Files(""));
        Assert.False(Directory.Exists(_root.Path("results")));
    }

    [Fact]
    public async Task A_task_s_problems_are_bad_input_and_write_nothing()
    {
        var before = _root.Files("");
        var tasks = new FakeTasks();
        tasks.Problems.Add(new Problem("models/m/model.safetensors", null, null, null, "tensor lm_head.bias is missing"));
        Assert.Equal(JobVerdict.BadInput, (await _root.Run(TestRoot.Sample(), tasks)).Verdict);
        Assert.Equal(before, _root.Files(""));
    }

    [Fact]
    public async Task The_output_of_an_unfinished_job_is_no_input()
    {
        using var cancel = new CancellationTokenSource();
        await _root.Run(TestRoot.Sample(), new FakeTasks { OnResult = n => { if (n == 30) cancel.Cancel(); } },
            cancellationToken: cancel.Token);
        JobOutcome outcome = await _root.Run(
            new EvaluateManifest { Name = "e", Output = "reports/e", Predictions = "results/s", References = "data/in.jsonl" },
            new FakeTasks());
        Problem problem = Assert.Single(outcome.Problems);
        Assert.Equal("/predictions", problem.Pointer);
        Assert.Contains("queued", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_process_at_a_time()
    {
        JobOutcome? second = null;
        var tasks =
            new FakeTasks
            {
                OnResult = n =>
                {
                    if (n == 3)
                        second = _root.Run(TestRoot.Sample() with { Output = "results/t" }, new FakeTasks()).GetAwaiter().GetResult();
                }
            };
        Assert.Equal(JobVerdict.Done, (await _root.Run(TestRoot.Sample(), tasks)).Verdict);
        Assert.Equal(JobVerdict.Failed, second!.Verdict);
        Assert.Contains($"process {Environment.ProcessId}@", second.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_root.Path("results/t")));
    }
}
