using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Tests.Sampling;

/// <summary>
/// A model without weights: logits are a hash of (prompt, canvas, slot, token), coarse enough for exact ties between tokens
/// and between slots. It fails on anything that a real model mustn't be given.
/// </summary>
sealed class FakeDenoiser(int vocabulary = 12, int usablePositions = 80, int levels = 7) : IDenoiser
{
    public int Mask => vocabulary - 1;
    public int VocabularySize => vocabulary;
    public int UsablePositions => usablePositions;
    public bool PredictsLengths { get; init; } = true;
    public int Canvases { get; private set; }
    public int LengthsAsked { get; private set; }
    public List<(int Rows, int Columns, int Tokens)> Batches { get; } = [];
    public HashSet<string> Seen { get; } = [];

    /// <summary>(V) the logits at a slot, the mask's at -inf.</summary>
    public float[] Logits(int[] prompt, int[] slots, int slot, CanvasKind? kind = null, int[]? origin = null)
    {
        ulong state = StableHash.Mix(StableHash.Of(prompt.AsSpan()) ^ StableHash.Of(slots.AsSpan()) * 3) + (ulong)slot
            + (kind is { Closes: false } ? 1000ul : 0) + (ulong)(1e6 * (kind?.Guidance ?? 0))
            + (origin is null ? 0 : StableHash.Of(origin.AsSpan()) * 7 + (ulong)kind!.Value.Cache);
        var logits = new float[vocabulary];
        for (int v = 0; v < vocabulary; v++) logits[v] = StableHash.Mix(state * 31 + (ulong)v) % (ulong)levels * 0.5f;
        logits[Mask] = float.NegativeInfinity;
        return logits;
    }

    public static (int Token, float Score, float LogNormalizer) Summarize(ReadOnlySpan<float> logits)
    {
        int best = 0;
        double sum = 0;
        for (int v = 0; v < logits.Length; v++)
        {
            if (logits[v] > logits[best]) best = v;
            sum += Math.Exp(logits[v]);
        }
        float normalizer = (float)Math.Log(sum);
        return (best, logits[best] - normalizer, normalizer);
    }

    public int Eos => 2;

    /// <summary>Sequences whose next token is that of a canvas of one slot behind them.</summary>
    public ISequences Sequences(int columns, (bool Keeps, bool Rounds) kind) => new FakeSequences(this, columns);

    public CanvasShape ShapeOf(int prompt, int tokens, (int From, int To)? block = null) => CanvasShape.Joint(tokens);

    public void Predict(IReadOnlyList<CanvasRequest> requests, Action<int, CanvasRows> deliver)
    {
        Assert.NotEmpty(requests);
        Assert.Single(requests.Select(r => ShapeOf(r.Prompt.Length, r.Length)).Distinct());
        Batches.Add((requests.Count, requests.Max(r => r.Length), requests.Sum(r => r.Length)));
        for (int c = 0; c < requests.Count; c++)
        {
            var request = requests[c];
            Assert.InRange(request.Length, 2, usablePositions);
            Assert.NotEmpty(request.Rows);
            Canvases++;
            Seen.Add(string.Join(',', request.Prompt) + "|" + string.Join(',', request.Slots));
            var rows = new CanvasRows(request.Rows.Length) { Seconds = request.Length };
            var all = new float[request.Rows.Length * vocabulary];
            for (int r = 0; r < request.Rows.Length; r++)
            {
                var logits = Logits(request.Prompt, request.Slots, request.Rows[r], request.Kind, ((Kept?)request.Origin)?.Slots);
                if (request.Kind.ForbidsEos) logits[Eos] = float.NegativeInfinity;
                (rows.Tokens[r], rows.Scores[r], rows.LogNormalizers[r]) = Summarize(logits);
                logits.CopyTo(all, r * vocabulary);
            }
            if (request.WantsLogits) rows.Logits = all;
            if (request.Kind.Keeps && request.Origin is null) rows.Kept = new Kept([.. request.Slots]);
            Assert.False(request.Origin is Kept { IsDisposed: true });
            deliver(c, rows);
            Array.Fill(all, float.NaN); // no longer valid
        }
    }

    public float[][] PredictLengths(IReadOnlyList<int[]> prompts)
    {
        LengthsAsked += prompts.Count;
        return [.. prompts.Select(LengthLogits)];
    }

    public float[] LengthLogits(int[] prompt) =>
        [.. Enumerable.Range(0, 30).Select(c => StableHash.Mix(StableHash.Of(prompt.AsSpan()) + (ulong)c) % 9 * 1f)];

    sealed class Kept(int[] slots) : IKeptKeys
    {
        public int[] Slots => slots;

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    sealed class FakeSequences(FakeDenoiser model, int columns) : ISequences
    {
        List<int[]> _sequences = [];

        public int Columns => columns;

        public int Count => _sequences.Count;

        public CanvasRows Begin(IReadOnlyList<int[]> prompts, bool wantsLogits)
        {
            Assert.Single(prompts.Select(p => CanvasShape.Padded(p.Length)).Distinct());
            _sequences.AddRange(prompts);
            return Predict(prompts, wantsLogits);
        }

        public CanvasRows Step(ReadOnlySpan<int> tokens, bool wantsLogits)
        {
            for (int r = 0; r < Count; r++) _sequences[r] = [.. _sequences[r], tokens[r]];
            return Predict(_sequences, wantsLogits);
        }

        public void Arrange(ReadOnlySpan<int> sources) => _sequences = [.. sources.ToArray().Select(s => _sequences[s])];

        public void Take(ISequences from, ReadOnlySpan<int> rows) =>
            _sequences.AddRange(rows.ToArray().Select(r => ((FakeSequences)from)._sequences[r]));

        public void Dispose() => _sequences = null!;

        CanvasRows Predict(IReadOnlyList<int[]> of, bool wantsLogits)
        {
            Assert.All(of, s => Assert.InRange(s.Length, 1, columns));
            var rows = new CanvasRows(of.Count);
            var all = new float[of.Count * model.VocabularySize];
            for (int r = 0; r < of.Count; r++)
            {
                var logits = model.Logits(of[r], [model.Mask], 0);
                (rows.Tokens[r], rows.Scores[r], rows.LogNormalizers[r]) = Summarize(logits);
                logits.CopyTo(all, r * logits.Length);
            }
            if (wantsLogits) rows.Logits = all;
            return rows;
        }
    }
}
