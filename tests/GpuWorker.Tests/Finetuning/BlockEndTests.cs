using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>What ends a block of blockwise attention, with a tokenizer that has a token for a blank line as GPT-2's has.</summary>
public sealed class BlockEndTests : IDisposable
{
    readonly WorkRoot _root = AdaptationFolders.Root().WithDecoder("gpt2");

    public BlockEndTests()
    {
        JsonNode vocabulary = JsonNode.Parse(File.ReadAllText(_root.Path("models/decoder/vocab.json")))!;
        vocabulary["\u010A\u010A"] = 257;
        _root.Write("models/decoder/vocab.json", vocabulary.ToJsonString());
        _root.Write("models/decoder/merges.txt", "#version: 0.2\n\u010A \u010A\n");
    }

    public void Dispose() => _root.Dispose();

    Task<JobOutcome> Run(string prompt) => _root.Run($$"""
        { "kind": "finetune", "name": "f", "model": { "from": "models/decoder" }, "output": "models/f", "objective": { "attention": "blockwise" },
          "data": { "train": "data/train.jsonl", "prompt": "{{prompt}}", "maxLength": 48 }, "training": { "steps": 1, "batchTokens": 128 } }
        """);

    [Theory]
    [InlineData("\r\n", true)]
    [InlineData("a\r\nb", true)]
    [InlineData("a\n\nb", true)]
    [InlineData("a\n\n", false)]
    public void A_line_break_is_a_token_of_its_own_but_for_several_at_the_end(string text, bool ends)
    {
        ITextTokenizer tokenizer = TokenizerFolder.Open(_root.Path("models/decoder"))!;
        Assert.Equal(10, LineBreak.Of(tokenizer));
        Assert.Equal(ends, tokenizer.Encode(text).Contains(10));
    }

    [Theory]
    [InlineData("{source}\\n")]
    [InlineData("{source}\\r\\n")]
    [InlineData("{source}\\n\\nAnswer: ")]
    public async Task A_prompt_that_ends_with_one_line_break_or_none_is_good(string prompt) =>
        Assert.Equal(JobVerdict.Done, (await Run(prompt)).Verdict);

    [Fact]
    public async Task A_prompt_whose_last_line_break_ends_no_block_is_refused()
    {
        JobOutcome outcome = await Run("{source}\\n\\n");
        Assert.Equal((JobVerdict.BadInput, "/data/prompt"), (outcome.Verdict, Assert.Single(outcome.Problems).Pointer));
        Assert.Contains("expected one line break there", outcome.Problems[0].Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_root.Path("models/f")));
    }
}
