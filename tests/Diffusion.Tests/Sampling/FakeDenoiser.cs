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
    public List<(int Rows, int Columns, int Tokens)> Batches { get; } = [];
    public HashSet<string> Seen { get; } = [];

    /// <summary>(V) the logits at a slot, the mask's at -inf.</summary>
    public float[] Logits(int[] prompt, int[] slots, int slot, CanvasKind? kind = null)
    {
        ulong state = StableHash.Mix(StableHash.Of(prompt.AsSpan()) ^ StableHash.Of(slots.AsSpan()) * 3) + (ulong)slot + (kind is { Closes: false } ? 1000ul : 0) + (ulong)(1e6 * (kind?.Guidance ?? 0));
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
                var logits = Logits(request.Prompt, request.Slots, request.Rows[r], request.Kind);
                (rows.Tokens[r], rows.Scores[r], rows.LogNormalizers[r]) = Summarize(logits);
                logits.CopyTo(all, r * vocabulary);
            }
            if (request.WantsLogits) rows.Logits = all;
            deliver(c, rows);
            Array.Fill(all, float.NaN); // no longer valid
        }
    }

    public float[][] PredictLengths(IReadOnlyList<int[]> prompts) => [.. prompts.Select(LengthLogits)];

    public float[] LengthLogits(int[] prompt) =>
        [.. Enumerable.Range(0, 30).Select(c => StableHash.Mix(StableHash.Of(prompt.AsSpan()) + (ulong)c) % 9 * 1f)];
}
