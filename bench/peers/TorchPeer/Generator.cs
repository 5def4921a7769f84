using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench.Peer;

/// <summary>
/// The generator of Ye et al. 2023 as it was published: a beam of lengths, then S steps over whole canvases, each of them a
/// forward pass of all candidates and a log-softmax over the vocabulary at every position. Argmax tokens, cosine schedule,
/// re-masking without condition.
/// </summary>
internal sealed class Generator : ICase
{
    private const int Items = 16; // of a batch, times the beam
    private const float Keep = 1000; // the score of what is no slot

    private readonly XlmRoberta _model;
    private readonly LengthPredictor _predictor;
    private readonly long[][] _prompts;
    private readonly long _pad, _eos, _mask;
    private readonly int _steps, _beam, _positions;
    private readonly long[][] _found;

    /// <summary>Loads the checkpoint folder.</summary>
    internal Generator(JsonObject settings)
    {
        string folder = (string)settings["model"]!;
        var config = EncoderConfig.Read(folder);
        (_model, _predictor) = (XlmRoberta.Load(folder, config), LengthPredictor.Load(folder, config));
        _model.eval();
        _predictor.eval();
        _positions = config.Positions - config.Pad - 1;
        (_pad, _eos, _mask) = (config.Pad, (long)settings["eos"]!, (long)settings["mask"]!);
        (_steps, _beam) = ((int)settings["steps"]!, (int)settings["beam"]!);
        _prompts = settings["prompts"].Deserialize<long[][]>()!;
        _found = new long[_prompts.Length][];
    }

    /// <summary>Samples all prompts; batches hold prompts of like length.</summary>
    public void Run()
    {
        using var quiet = no_grad();
        foreach (int[] batch in Enumerable.Range(0, _prompts.Length).OrderBy(i => _prompts[i].Length).Chunk(Items))
        {
            using var scope = NewDisposeScope();
            foreach (var (i, ids) in batch.Zip(Sample([.. batch.Select(i => _prompts[i])])))
                _found[i] = ids;
        }
    }

    /// <inheritdoc/>
    public JsonObject Tell() => new() { ["ids"] = JsonSerializer.SerializeToNode(_found) };

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _predictor.Dispose();
    }

    // The tokens of each prompt's best candidate.
    private long[][] Sample(long[][] prompts)
    {
        var (ids, seen) = Pad(prompts);
        var classes = _predictor.call(_model.Hidden(ids, seen), seen).topk(_beam).indexes; // (B, beam)
        int[] lengths = [.. classes.data<long>().ToArray()
            .Select((c, i) => Math.Min((int)c + 1, _positions - prompts[i / _beam].Length - 1))];
        long[][] canvases = [.. lengths.Select((length, i) => (long[])[.. prompts[i / _beam], .. Enumerable.Repeat(_mask, length), _eos])];
        var (x, all) = Pad(canvases);
        var (tokens, scores, slots) = Denoise(x, all, tensor(lengths));
        var means = scores.masked_fill(slots.logical_not(), 0).sum(1) / slots.sum(1); // (B * beam)
        long[] best = means.view(-1, _beam).argmax(1).data<long>().ToArray();
        return [.. best.Select((b, i) => tokens[i * _beam + b].masked_select(slots[i * _beam + b]).data<long>().ToArray())];
    }

    private (Tensor Tokens, Tensor Scores, Tensor Slots) Denoise(Tensor tokens, Tensor seen, Tensor lengths)
    {
        var slots = tokens == _mask; // (B, N)
        var scores = full_like(tokens, float.NegativeInfinity, float32);
        var noise = slots;
        for (int step = 1; step <= _steps; step++)
        {
            using var scope = NewDisposeScope();
            var logits = _model.call(tokens, seen); // (B, N, V)
            logits.select(2, _mask).fill_(float.NegativeInfinity);
            var (score, token) = nn.functional.log_softmax(logits, -1).max(-1); // (B, N)
            double rate = step < _steps ? Math.Cos(Math.PI / 2 * step / _steps) : 0;
            var count = (lengths.to(float32) * rate).to(int64); // (B)
            var ranked = score.masked_fill(slots.logical_not(), Keep);
            var cutoff = ranked.sort(-1).Values.gather(1, count.unsqueeze(1)); // (B, 1)
            var low = ranked < cutoff;
            var back = low & slots;
            var written = noise & low.logical_not();
            tokens = where(written, token, tokens.masked_fill(back, _mask)).MoveToOuterDisposeScope();
            scores = where(written, score, scores.masked_fill(back, float.NegativeInfinity)).MoveToOuterDisposeScope();
            noise = back.MoveToOuterDisposeScope();
        }

        return (tokens, scores, slots);
    }

    // Padded on the right to the longest. // (B, N) int64, (B, N) bool
    private (Tensor Ids, Tensor Seen) Pad(long[][] rows)
    {
        int width = rows.Max(row => row.Length);
        var ids = tensor([.. rows.SelectMany(row => row.Concat(Enumerable.Repeat(_pad, width - row.Length)))], [rows.Length, width]);
        var seen = arange(width).unsqueeze(0) < tensor([.. rows.Select(row => row.Length)]).unsqueeze(1);
        return (ids, seen);
    }
}
