using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Models.Layers;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// Passes where finished blocks or prompts are kept: over the blocks that are being written, or the responses, alone, which see what stands
/// before them. The same numbers as a pass over the whole canvas, but for rounding.
/// </summary>
/// <param name="model">The model, in evaluation mode.</param>
/// <param name="specials">Its special tokens.</param>
/// <param name="attention">The model's own attention.</param>
/// <param name="shift">Whether its output at a position is for the token after it.</param>
/// <param name="blockLength">Tokens of a block of its own attention; 0 for none.</param>
internal sealed class PassesBehind(LanguageModel model, SpecialTokens specials, AttentionKind attention, bool shift, int blockLength)
{
    readonly FinishedBlocks _exact = new(model, attention), _rounded = new(model, attention);

    /// <summary>The shape of a pass.</summary>
    /// <param name="current">The positions that it computes anew.</param>
    public CanvasShape ShapeOf((int From, int To) current) =>
        CanvasShape.Split(current.From - Lead(current.From), current.To - current.From + Lead(current.From));

    /// <summary>Gives back what holds one pass's keys and values; what is kept of prompts and blocks stays.</summary>
    public void End()
    {
        _exact.End();
        _rounded.End();
    }

    // Shifted, the first token is told by the state of the token before it, which goes through the pass too.
    int Lead(int from) => shift && from > 0 ? 1 : 0;

    /// <summary>The hidden states at the wanted slots of canvases of one shape.</summary>
    /// <param name="requests">All with a current part.</param>
    /// <param name="firstRows">Where each canvas's rows begin.</param>
    /// <param name="totalRows">R, rows in all, those that pad them included.</param>
    /// <returns>// (R, d)</returns>
    public Tensor Of(IReadOnlyList<CanvasRequest> requests, int[] firstRows, int totalRows)
    {
        using var scope = NewDisposeScope();
        var shape = ShapeOf(requests[0].Current!.Value);
        int batch = requests.Count, before = shape.Prompt, columns = shape.Response, block = requests[0].Kind.BlockLength;
        var (ids, places) = (new long[batch * columns], new long[batch * columns]);
        Array.Fill(ids, Math.Max(0, specials.Pad));
        var (starts, sizes, prefixes) = (new int[batch], new int[batch], new int[batch][]);
        var rows = new long[totalRows]; // what pads them is any row
        for (int b = 0; b < batch; b++)
        {
            var (from, to) = requests[b].Current!.Value;
            int[] canvas = requests[b].Tokens(specials.Eos);
            (starts[b], prefixes[b]) = (from - Lead(from), canvas[..from]);
            sizes[b] = to - starts[b];
            for (int i = 0; i < columns; i++)
            {
                if (i < sizes[b]) ids[b * columns + i] = canvas[starts[b] + i];
                places[b * columns + i] = starts[b] + i;
            }
            int row = firstRows[b];
            foreach (int slot in requests[b].Rows)
                rows[row++] = (long)b * columns + Math.Max(0, requests[b].PositionOf(slot) - (shift ? 1 : 0) - starts[b]);
        }
        var device = model.Device;
        int[] prompts = [.. requests.Select(r => r.Prefix)];
        var known = (requests[0].Kind.Rounds ? _rounded : _exact)
            .Of(prefixes, prompts, block, starts, before, columns); // (B, 2 L, G, P + N, d_h)
        var (strategy, within) = block > 0 ? (AttentionKind.Causal, block) : (attention, blockLength);
        bool[] sees = AttentionMasks.Behind(strategy, prompts, starts, before, sizes, columns, within);
        var mask = tensor(sees, [batch, columns, before + columns], device: device);
        var pass = new PassBehind(places, columns, device, known);
        return model.HiddenRowsIn(pass, tensor(ids, [batch, columns], device: device), mask, tensor(rows, device: device))
            .MoveToOuterDisposeScope();
    }
}
