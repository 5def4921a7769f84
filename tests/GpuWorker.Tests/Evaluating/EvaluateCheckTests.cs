using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.GpuWorker.Tests.Evaluating;

public sealed class EvaluateCheckTests : IDisposable
{
    readonly WorkRoot _root = new();

    public EvaluateCheckTests() => _root.WriteLines("data/ref.jsonl",
        [new { id = "a", target = "x" }, new { id = "b", target = "y" }, new { id = "c", target = "z" }]);

    public void Dispose() => _root.Dispose();

    async Task<IReadOnlyList<Problem>> Refused(string predictions, string metrics)
    {
        JobOutcome outcome = await _root.Run($$"""
            { "kind": "evaluate", "name": "e", "predictions": "{{predictions}}", "references": "data/ref.jsonl", "output": "reports/e", "metrics": [{{metrics}}] }
            """);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Assert.False(Directory.Exists(_root.Path("reports")) || File.Exists(_root.Path("dbatch.db")));
        return outcome.Problems;
    }

    [Fact]
    public async Task Predictions_without_an_id_of_the_references_are_bad_input()
    {
        _root.WriteLines("p.jsonl", [new { id = "x", text = "t" }, new { id = "y", text = "t" }]);
        Problem problem = Assert.Single(await Refused("p.jsonl", "\"bleu\""));
        Assert.Equal(("p.jsonl", "cell all has no id that is in data/ref.jsonl"), (problem.File, problem.Message));
    }

    [Fact]
    public async Task One_cell_without_common_ids_is_enough()
    {
        _root.WriteLines("results/steps=1/part-00000.jsonl", [new { id = "x", text = "t" }, new { id = "c", text = "t" }]);
        _root.WriteLines("results/steps=2/part-00000.jsonl", [new { id = "x", text = "t" }]);
        Assert.Equal("cell steps=2 has no id that is in data/ref.jsonl", Assert.Single(await Refused("results", "\"bleu\"")).Message);
    }

    [Fact]
    public async Task Perplexity_of_predictions_without_likelihoods_is_bad_input_told_once()
    {
        _root.Write("p.jsonl", """
            {"id":"other","text":"no reference, so nothing is asked of it"}
            {"id":"a","text":"t","logLikelihood":-2,"tokens":2}
            {"id":"c","text":"t"}

            {"id":"b","text":"t"}
            {"id":"b","text":"of two with one id the first counts"}
            """);
        Problem problem = Assert.Single(await Refused("p.jsonl", "\"bleu\", \"perplexity\""));
        Assert.Equal(("p.jsonl", 3), (problem.File, problem.Line));
        Assert.Equal("the metric \"perplexity\" can't be had: item \"c\" has no number \"logLikelihood\": give it in the prediction "
            + "lines, or name a file by \"likelihoods\" or a judge by \"model\"; 1 other item lacks it too", problem.Message);
    }

    [Theory]
    [InlineData("\"logLikelihood\": -2", "has a log-likelihood without \"tokens\"")]
    [InlineData("\"logLikelihood\": 0.5, \"tokens\": 2", "has the \"logLikelihood\" 0.5; expected a number of at most 0")]
    [InlineData("\"logLikelihood\": -1e999, \"tokens\": 2", "has the \"logLikelihood\" -Infinity; expected")]
    [InlineData("\"logLikelihood\": -2, \"tokens\": -1", "has -1 \"tokens\"; expected a whole number of at least 0")]
    [InlineData("\"logLikelihood\": \"-2\", \"tokens\": 1", "has no number \"logLikelihood\"")]
    public async Task A_likelihood_that_cannot_be_one_is_bad_input(string fields, string expected)
    {
        _root.Write("p.jsonl", $$"""{"id":"a","text":"t",{{fields}}}""");
        Assert.Contains("item \"a\" " + expected, Assert.Single(await Refused("p.jsonl", "\"perplexity\"")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_metrics_name_are_read_beforehand()
    {
        _root.WriteLines("results/steps=1/part-00000.jsonl", [new { id = "a", text = "t" }]);
        _root.WriteLines("results/steps=2/part-00000.jsonl", [new { id = "a", text = "t" }]);
        _root.WriteLines("likelihoods/steps=1.jsonl", [new { id = "b", logLikelihood = -1, tokens = 1 }]);
        _root.Write("bad.jsonl", "{\"id\":\"a\",\"logLikelihood\":1}\n");
        IReadOnlyList<Problem> problems = await Refused("results", """
            "bleu", { "name": "perplexity", "likelihoods": "likelihoods" }, { "name": "perplexity", "as": "p2", "likelihoods": "bad.jsonl" },
            { "name": "mauve", "features": "bad.jsonl", "referenceFeatures": "data/ref.jsonl" }
            """);
        Assert.Equal(["/metrics/2", "/metrics/3", null, "/metrics/1"], problems.Select(p => p.Pointer));
        Assert.Equal("bad.jsonl line 1: \"logLikelihood\" is expected: a number of at most 0.", problems[0].Message);
        Assert.Equal(("results/steps=1/part-00000.jsonl", 1), (problems[2].File, problems[2].Line));
        Assert.Contains("item \"a\" has no line in likelihoods", problems[2].Message, StringComparison.Ordinal);
        Assert.Contains("the folder has no file steps=2.jsonl", problems[3].Message, StringComparison.Ordinal);
        Assert.Contains("\"mauve\" needs", Assert.Single(await Refused("results", "\"mauve\"")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Perplexity_of_what_a_job_of_the_same_manifest_samples_needs_a_file()
    {
        _root.WithGoldenModel().WriteLines("in.jsonl", [new { id = "a", promptIds = (int[])[0, 5], length = 2 }]);
        JobOutcome outcome = await _root.Run("""
            { "kind": "pipeline", "name": "p", "jobs": [
              { "kind": "sample", "name": "s", "model": { "from": "models/golden" }, "input": "in.jsonl", "output": "results" },
              { "kind": "evaluate", "name": "e", "predictions": "results/steps=50", "references": "data/ref.jsonl", "output": "reports/e", "metrics": ["bleu", "perplexity"] } ] }
            """);
        Assert.Equal(JobVerdict.BadInput, outcome.Verdict);
        Problem problem = Assert.Single(outcome.Problems);
        Assert.Equal(("/jobs/1/metrics/1", "the metric \"perplexity\" needs the field \"model\" or \"likelihoods\" here: the results of "
            + "\"s\" have no log-likelihoods"), (problem.Pointer, problem.Message));
        Assert.False(Directory.Exists(_root.Path("results")));
    }
}
