using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// Passes over a block of a canvas on keys and values that its first pass kept (Wu et al. 2025, Fast-dLLM, arXiv 2505.22618, section 3.2):
/// those of what stands before the block, or of all but the block. What is computed anew takes the place of what was kept. Under attention
/// that sees what comes later this is an approximation: what was kept would have changed.
/// </summary>
internal sealed class KeptPasses(LanguageModel model, SpecialTokens specials, AttentionKind attention, bool shift, int newline)
{
    /// <summary>Columns behind the canvas, unseen, to which the keys of what pads a run go.</summary>
    const int Spare = 8;

    /// <summary>The hidden states at the wanted slots of canvases of one shape.</summary>
    /// <param name="requests">All with an origin, or none.</param>
    /// <param name="firstRows">Where each canvas's rows begin.</param>
    /// <param name="totalRows">R, rows in all, those that pad them included.</param>
    /// <returns>The states, and of whole passes each canvas's keys and values. // (R, d)</returns>
    public (Tensor Hidden, IKeptKeys[] Kept) Of(IReadOnlyList<CanvasRequest> requests, int[] firstRows, int totalRows)
    {
        using var scope = NewDisposeScope();
        int batch = requests.Count, columns = CanvasShape.Padded(requests[0].Length) + Spare, width = Width(requests[0]);
        var (ids, positions, sees, rows) =
            (new long[batch * width], new long[batch * width], new bool[batch * width * columns], new long[totalRows]);
        using var cache = new KeyValueCache(model, columns, batch);
        for (int b = 0; b < batch; b++)
        {
            var request = requests[b];
            var (from, to) = Run(request);
            long[] canvas = Tokens(request, columns);
            bool[]? seen = attention == AttentionKind.Full ? null
                : AttentionMasks.Pairwise(attention, canvas, [request.Length], [request.Prefix], columns, newline);
            for (int i = 0; i < width; i++)
            {
                int at = b * width + i, position = from + i < to ? from + i : columns - 1;
                (ids[at], positions[at]) = (canvas[position], position);
                var own = sees.AsSpan(at * columns, columns);
                if (position >= request.Length) own[0] = true;
                else if (seen is null) own[..request.Length].Fill(true);
                else seen.AsSpan(position * columns, request.Length).CopyTo(own);
            }
            int row = firstRows[b];
            foreach (int slot in request.Rows) rows[row++] = b * width + Math.Max(0, request.PositionOf(slot) - (shift ? 1 : 0)) - from;
            if (request.Origin is KeptKeys origin) cache.Copy([0], [b], origin.Cache);
        }
        var device = model.Device;
        var input_ids = tensor(ids, [batch, width], device: device);
        var mask = tensor(sees, [batch, width, columns], device: device);
        var pass = new PassWithin(positions, width, device, cache, 0);
        var hidden = model.HiddenRowsIn(pass, input_ids, mask, tensor(rows, device: device));
        IKeptKeys[] kept = requests[0].Origin is null ? [.. Enumerable.Range(0, batch).Select(b => new KeptKeys(model, cache, b))] : [];
        return (hidden.MoveToOuterDisposeScope(), kept);
    }

    // Shifted, a slot's prediction is read one position before it.
    (int From, int To) Run(CanvasRequest request) =>
        request.Origin is null ? (0, request.Length) : (Math.Max(0, request.Run.From - (shift ? 1 : 0)), request.Run.To);

    // The same for all requests of a shape, and with room for the position that a shift adds.
    int Width(CanvasRequest request) => request.Origin is null ? CanvasShape.Padded(request.Length)
        : CanvasShape.Padded(request.Run.To - request.Run.From) + (shift ? Spare : 0);

    long[] Tokens(CanvasRequest request, int columns)
    {
        var canvas = new long[columns];
        Array.Fill(canvas, Math.Max(0, specials.Pad));
        for (int i = 0; i < request.Prompt.Length; i++) canvas[i] = request.Prompt[i];
        for (int slot = 0; slot < request.Slots.Length; slot++) canvas[request.PositionOf(slot)] = request.Slots[slot];
        if (request.Kind.Closes) canvas[request.Length - 1] = specials.Eos;
        return canvas;
    }

    sealed class KeptKeys : IKeptKeys
    {
        public KeptKeys(LanguageModel model, KeyValueCache batch, int row)
        {
            Cache = new KeyValueCache(model, batch.Columns, 1);
            Cache.Copy([row], [0], batch);
        }

        public KeyValueCache Cache { get; }

        public void Dispose() => Cache.Dispose();
    }
}
