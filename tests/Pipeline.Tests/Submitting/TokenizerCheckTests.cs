using System.Text;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Submitting;
using DiffusionBatch.Pipeline.Tests.Working;

namespace DiffusionBatch.Pipeline.Tests.Submitting;

/// <summary>A job that needs a tokenizer in a folder without one is refused when it is handed in, by the file names alone.</summary>
public sealed class TokenizerCheckTests : IAsyncDisposable
{
    const string Looked = "the folder models/bare has no tokenizer files; expected sentencepiece.bpe.model, tokenizer.model, "
        + "spiece.model, vocab.json with merges.txt, vocab.txt or tokenizer.json";

    readonly PipelineRig _rig = new();

    public TokenizerCheckTests()
    {
        _rig.Root.Write("models/bare/config.json", "{}");
        _rig.Root.Write("models/bare/sub/tokenizer.json", "{}");
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    async Task<IReadOnlyList<Problem>> Validate(string manifest)
    {
        var request = new SubmitRequest(Encoding.UTF8.GetBytes(manifest));
        IReadOnlyList<Problem> problems = await _rig.Service.ValidateAsync(request, default);
        Assert.Equal(problems, (await _rig.Service.SubmitAsync(request, default)).Problems);
        return problems;
    }

    static string Sample(string input) => $$"""
        { "kind": "sample", "name": "s", "output": "results/s",
          "model": { "from": "models/bare" }, "input": "{{input}}" }
        """;

    static string Finetune(string model) =>
        $$"""{ "kind": "finetune", "name": "f", "output": "models/f", "data": { "train": "data/in.jsonl" }, "model": {{model}} }""";

    [Fact]
    public async Task Texts_need_one()
    {
        _rig.Root.Write("data/texts.jsonl", "\uFEFF\r\n{\"id\":\"a\",\"source\":\"x\"}\r\n");
        Problem problem = Assert.Single(await Validate(Sample("data/texts.jsonl")));
        Assert.Equal(("manifest", "/model/from", 2, Looked + ", for data/texts.jsonl has texts in line 2 (\"promptIds\" need no "
            + "tokenizer)"), (problem.File, problem.Pointer, problem.Line, problem.Message));
    }

    [Theory]
    [InlineData("{\"id\":\"a\",\"promptIds\":[0]}\n")]
    [InlineData("{\"id\":\"a\",\"promptIds\":[0]}")]
    [InlineData("")]
    [InlineData("what is wrong here is said elsewhere\n")]
    public async Task Token_ids_need_none(string input)
    {
        _rig.Root.Write("data/ids.jsonl", input);
        Assert.Empty(await Validate(Sample("data/ids.jsonl")));
    }

    [Fact]
    public async Task Training_needs_one_whichever_folder_is_to_have_it()
    {
        _rig.Root.Write("data/in.jsonl", "{\"id\":\"a\",\"source\":\"x\",\"target\":\"y\"}\n");
        _rig.Root.Write("data/ids.jsonl", "{\"id\":\"a\",\"promptIds\":[1],\"targetIds\":[2]}\n");
        Assert.Empty(await Validate(Finetune("""{ "from": "models/bare" }""").Replace("data/in", "data/ids", StringComparison.Ordinal)));
        Assert.Equal(("/model/from", Looked + ", for data/in.jsonl has texts in line 1 (\"promptIds\" need no tokenizer)"),
            (await Validate(Finetune("""{ "from": "models/bare" }"""))) is [var model] ? (model.Pointer, model.Message) : default);
        Assert.Equal(("/model/tokenizer/from", Looked),
            (await Validate(Finetune("""{ "new": {}, "tokenizer": { "from": "models/bare" } }"""))) is [var made]
                ? (made.Pointer, made.Message)
                : default);
        Assert.Empty(await Validate(Finetune("""{ "from": "models/m" }""")));
    }

    [Fact]
    public async Task What_another_job_of_the_manifest_makes_is_not_looked_for()
    {
        string sample = Sample("data/in.jsonl").Replace("models/bare", "models/f", StringComparison.Ordinal);
        Assert.Empty(
            await Validate(
                $$"""{ "kind": "pipeline", "name": "p", "jobs": [ {{Finetune("""{ "from": "models/m" }""")}}, {{sample}} ] }"""));
    }
}
