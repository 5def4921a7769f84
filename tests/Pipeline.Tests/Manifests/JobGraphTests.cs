using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

public sealed class JobGraphTests
{
    static string Sample(string name, string model, string input, string output) =>
        $$"""{"kind":"sample","name":"{{name}}","model":{"from":"{{model}}"},"input":"{{input}}","output":"{{output}}"}""";

    static string Finetune(string name, string from, string output, string train = "data/train.jsonl") =>
        $$"""{"kind":"finetune","name":"{{name}}","model":{"from":"{{from}}"},"data":{"train":"{{train}}"},"output":"{{output}}"}""";

    static string Pipeline(params string[] jobs) => $$"""{"kind":"pipeline","name":"p","jobs":[{{string.Join(",\n", jobs)}}]}""";

    [Fact]
    public void A_job_that_reads_inside_anothers_output_waits_for_it()
    {
        var manifest = Read.Good<PipelineManifest>(Pipeline(
            Finetune("second", "models/base", "models/b", train: "results/r/steps=50/part-00000.jsonl"),
            Sample("first", "models/base", "data/test.jsonl", "results/r")));
        Assert.Equal(["first", "second"], JobGraph.Of(manifest).Nodes.Select(node => node.Job.Name));
    }

    [Fact]
    public void A_name_that_only_begins_like_an_output_is_no_dependency()
    {
        var manifest = Read.Good<PipelineManifest>(Pipeline(
            Sample("a", "models/de-en", "data/test.jsonl", "r"),
            Finetune("b", "models/base", "models/de-e")));
        Assert.All(JobGraph.Of(manifest).Nodes, node => Assert.Empty(node.DependsOn));
    }

    [Fact]
    public void Jobs_that_are_ready_together_keep_the_lists_order()
    {
        string[] names = ["d", "b", "a", "c"];
        var manifest =
            Read.Good<PipelineManifest>(Pipeline([.. names.Select(name => Sample(name, "models/base", "data/test.jsonl", "o/" + name))]));
        Assert.Equal(names, JobGraph.Of(manifest).Nodes.Select(node => node.Job.Name));
    }

    [Fact]
    public void A_single_job_is_a_graph_of_one() =>
        Assert.Equal(["de-en"], JobGraph.Of(Read.Good<FinetuneManifest>(Read.Finetune)).Nodes.Select(node => node.Job.Name));

    [Fact]
    public void A_cycle_names_its_jobs()
    {
        var problem = Read.OneProblem(Pipeline(
            Finetune("alone", "models/base", "models/x"),
            Finetune("a", "models/c", "models/a"),
            Finetune("b", "models/a", "models/b"),
            Finetune("c", "models/b", "models/c"),
            Sample("after", "models/c", "data/test.jsonl", "r")));
        Assert.Equal(("/jobs", "jobs wait for each other in a cycle: a -> c -> b -> a (each reads what the next one writes)"),
            (problem.Pointer, problem.Message));
    }

    [Fact]
    public void A_job_of_a_pipeline_that_reads_its_own_output_is_a_cycle_of_one()
    {
        var problem = Read.OneProblem(Pipeline(Finetune("a", "models/a/best", "models/a")));
        Assert.Equal(("/jobs/0/model/from", "the job reads \"models/a/best\", which is its own output"),
            (problem.Pointer, problem.Message));
    }

    [Fact]
    public void Two_jobs_with_one_name_or_one_output_are_problems()
    {
        string one = Sample("a", "models/base", "data/test.jsonl", "o");
        var name = Read.OneProblem(Pipeline(one, Sample("a", "models/base", "data/test.jsonl", "o2")));
        Assert.Equal(("/jobs/1/name", "two jobs are named \"a\": /jobs/0 has it too", 2), (name.Pointer, name.Message, name.Line));
        var output = Read.OneProblem(Pipeline(one, Sample("b", "models/base", "data/test.jsonl", "./o/")));
        Assert.Equal(("/jobs/1/output", "two jobs write the output \"o\": /jobs/0 has it too"), (output.Pointer, output.Message));
    }

    [Theory]
    [InlineData("results", "results/x", 1)]
    [InlineData("results/x/y", "./results/", 0)]
    public void An_output_within_another_is_a_problem(string first, string second, int inner)
    {
        string[] outputs = [first, second.Trim('.', '/')];
        var problem =
            Read.OneProblem(Pipeline(Sample("a", "models/base", "data/test.jsonl", first),
                Sample("b", "models/base", "data/test.jsonl", second)));
        Assert.Equal(
            ($"/jobs/{inner}/output", $"the output \"{outputs[inner]}\" lies within "
                + $"\"{outputs[1 - inner]}\", the output of /jobs/{1 - inner}: each job needs a folder of its own"),
            (problem.Pointer, problem.Message));
        Read.Good<PipelineManifest>(Pipeline(Sample("a", "models/base", "data/test.jsonl", "results"),
            Sample("b", "models/base", "data/test.jsonl", "results2")));
    }

    [Fact]
    public void Pipelines_hold_jobs_only()
    {
        var nested = Read.OneProblem(Pipeline(Pipeline(Read.Sample)));
        Assert.Equal(("/jobs/0/kind", "a pipeline can't hold another pipeline: expected one of \"finetune\", \"sample\", \"evaluate\""),
            (nested.Pointer, nested.Message));
        Assert.Equal("expected an object, found \"a\"", Read.OneProblem(Pipeline("\"a\"")).Message);
        Assert.Equal("expected a list of at least 1 item, found an empty list", Read.OneProblem(Pipeline()).Message);
    }

    [Fact]
    public void What_a_job_writes_must_fit_what_another_reads()
    {
        string sample = Sample("s", "models/base", "data/test.jsonl", "r");
        Assert.Equal(
            "expected the output of a finetune job, but \"s\" is of the kind sample",
            Read.OneProblem(Pipeline(sample, Sample("t", "r", "data/test.jsonl", "r2"))).Message);
        Assert.Equal(
            "expected a file, but \"r\" is the folder that the job \"s\" writes",
            Read.OneProblem(Pipeline(sample, Sample("t", "models/base", "r", "r2"))).Message);
    }

    [Fact]
    public void A_problem_of_one_job_hides_none_of_the_others()
    {
        var problems = Read.Json(Pipeline(
            "{\"kind\":\"sample\",\"name\":\"BAD\"}",
            Sample("b", "models/none", "data/test.jsonl", "o"),
            Sample("c", "models/base", "data/none.jsonl", "o"))).Problems;
        Assert.Equal(
            ["/jobs/0", "/jobs/0", "/jobs/0", "/jobs/0/name", "/jobs/1/model/from", "/jobs/2/input", "/jobs/2/output"],
            problems.Select(p => p.Pointer));
    }
}
