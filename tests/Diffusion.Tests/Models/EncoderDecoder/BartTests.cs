using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Tests.Models.EncoderDecoder;

/// <summary>The encoder-decoder against PyTorch's own Transformer layers (bart.py beside this file).</summary>
public sealed class BartTests
{
    static readonly JsonNode Reference = Read();

    static JsonNode Read()
    {
        using var stream = typeof(BartTests).Assembly.GetManifestResourceStream("bart.json")!;
        return JsonNode.Parse(stream)!;
    }

    static readonly NewModel Spec = new()
    {
        Architecture = "bart",
        HiddenSize = 16,
        Layers = 2,
        Heads = 2,
        FeedForwardSize = 24,
        MaxPositions = 20,
        Dropout = 0
    };

    /// <summary>The weights of bart.py: a formula of a name's place and an element's index.</summary>
    static Bart Model()
    {
        var model = new Bart(ModelConfig.Create(Spec, 30, new(0, 1, 2, 3, 29)).With(("decoder_start_token_id", 2)));
        using var quiet = no_grad();
        foreach (var (place, (name, shape)) in model.Config.Family.Layout(model.Config).Index())
        {
            float[] values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            bool norm = name.Contains("norm") && name.EndsWith("weight");
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)(0.3 * Math.Sin(0.7 * place + 0.37 * i + 0.01 * (i % 11) * i) + (norm ? 1 : 0));
            model.Named[name].copy_(tensor(values, shape));
        }
        model.eval();
        return model;
    }

    static long[] Ids(JsonNode node) => [.. node.AsArray().Select(i => (long)i!)];

    [Theory]
    [InlineData(AttentionKind.Full, "full")]
    [InlineData(AttentionKind.Prefix, "full")]
    [InlineData(AttentionKind.Causal, "causal")]
    public void Logits_of_padded_canvases_agree_with_the_reference(AttentionKind strategy, string name)
    {
        using var model = Model();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var canvases = Reference["canvases"]!.AsArray();
        int rows = canvases.Count, columns = 9;
        long[] ids = new long[rows * columns];
        Array.Fill(ids, 1);
        int[] prompts = new int[rows], lengths = new int[rows];
        for (int b = 0; b < rows; b++)
        {
            long[] prompt = Ids(canvases[b]!["prompt"]!), response = Ids(canvases[b]!["response"]!);
            (prompts[b], lengths[b]) = (prompt.Length, prompt.Length + response.Length);
            prompt.CopyTo(ids, b * columns);
            response.CopyTo(ids, b * columns + prompt.Length);
        }
        var seen = AttentionMasks.Of(strategy, ids, lengths, prompts);
        var hidden = model.Hidden(tensor(ids, [rows, columns]), seen, parts: new(lengths, prompts)); // (B, N, d)
        for (int b = 0; b < rows; b++)
        {
            var logits = model.Logits(hidden.select(0, b).narrow(0, prompts[b], lengths[b] - prompts[b]));
            Assert.Equal([.. canvases[b]![name]!.AsArray().SelectMany(r => r!.AsArray().Select(v => (float)v!))],
                logits.data<float>().ToArray(), (x, y) => Math.Abs(x - y) < 2e-5);
        }
    }

    [Fact]
    public void Its_own_pass_reads_the_ids_and_tells_them_from_left_to_right()
    {
        using var model = Model();
        var own = Reference["own"]!;
        var logits = new List<float>();
        OwnForward.Run(model, Ids(own["input_ids"]!), [.. Ids(own["attention_mask"]!).Select(m => m == 1)],
            t => logits.AddRange(t.data<float>().ToArray()));
        Assert.Equal([.. own["logits"]!.AsArray().SelectMany(r => r!.AsArray().Select(v => (float)v!))], logits,
            (x, y) => Math.Abs(x - y) < 2e-5);
    }

    [Theory]
    [InlineData(AttentionKind.Full)]
    [InlineData(AttentionKind.Causal)]
    [InlineData(AttentionKind.Blockwise)]
    public void The_prompt_is_seen_whole_and_sees_itself_alone(AttentionKind strategy)
    {
        using var model = Model();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        const int n = 8, prompt = 3, newline = 6;
        long[] ids = [0, 5, 7, newline, 9, 11, 12, 2];
        float[] Run(long[] tokens) => model.Hidden(tensor(tokens, [1, n]), AttentionMasks.Of(strategy, tokens, [n], [prompt], newline),
            parts: new([n], [prompt])).data<float>().ToArray();
        float[] before = Run(ids);
        for (int k = 0; k < n; k++)
        {
            if (ids[k] == newline) continue;
            long[] changed = [.. ids];
            changed[k] = 20;
            float[] after = Run(changed);
            for (int q = 0; q < n; q++)
            {
                bool sees = k < prompt || q >= prompt
                    && (strategy == AttentionKind.Full || k <= q || strategy == AttentionKind.Blockwise && k > 3 && q > 3);
                Assert.Equal(sees, !before.AsSpan(q * 16, 16).SequenceEqual(after.AsSpan(q * 16, 16)));
            }
        }
    }

    [Fact]
    public void A_canvas_without_a_prompt_or_without_its_parts_is_refused()
    {
        using var model = Model();
        using var scope = NewDisposeScope();
        Tensor ids = ones([1, 4], dtype: int64), seen = ones([1, 4], dtype: @bool);
        Assert.Throws<ArgumentNullException>(() => model.Hidden(ids, seen));
        Assert.Contains("needs a prompt", Assert.Throws<ArgumentException>(() => model.Hidden(ids, seen, parts: new([4], [0]))).Message);
        Assert.Throws<ArgumentException>(() => model.Hidden(ids, seen, parts: new([4], [5])));
    }

    [Fact]
    public void A_checkpoint_goes_out_and_comes_in()
    {
        using var folder = new TemporaryFolder();
        using var model = Model();
        CheckpointWriter.Save(folder["bart"], model, null, null, null);
        using var back = Checkpoint.Load(folder["bart"]);
        Assert.Equal(model.Named.Keys.Order(), back.Model.Named.Keys.Order());
        foreach (var (name, parameter) in model.Named)
            Assert.Equal(parameter.data<float>().ToArray(), back.Model.Named[name].data<float>().ToArray());
        Assert.Equal((20, 30, "bart"), (back.Model.UsablePositions, back.Model.VocabularySize, back.Model.Config.Architecture));
    }
}
