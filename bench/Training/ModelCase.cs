using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Models;

namespace DiffusionBatch.Bench;

/// <summary>An XLM-R and a batch: sizes, and the floating-point operations of its matrix products.</summary>
/// <param name="Hidden">d; the feed-forward part is four times as wide.</param>
/// <param name="Layers">Transformer layers.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Vocabulary">V.</param>
/// <param name="Rows">B.</param>
/// <param name="Columns">N, all of them tokens; even.</param>
internal sealed record ModelCase(int Hidden, int Layers, int Heads, int Vocabulary, int Rows, int Columns)
{
    /// <summary>B N.</summary>
    internal int Tokens => Rows * Columns;

    /// <summary>The shape of a new model.</summary>
    internal NewModel Spec =>
        new() { HiddenSize = Hidden, Layers = Layers, Heads = Heads, FeedForwardSize = 4 * Hidden, MaxPositions = Columns };

    /// <summary>
    /// Operations of a forward pass's matrix products, two a multiply-add: <paramref name="tokens"/> go through all layers, and
    /// <paramref name="predicted"/> of them through what follows the last attention. Backward takes twice those of forward.
    /// </summary>
    internal double Operations(double tokens, double predicted)
    {
        double d = Hidden, attention = (3 * d * d) + (2.0 * Columns * d), rest = 9 * d * d; // a token's and layer's multiply-adds
        double body = (Layers * tokens * attention) + ((((Layers - 1) * tokens) + predicted) * rest);
        return 2 * (body + (predicted * ((d * d) + (d * Vocabulary))));
    }

    /// <summary>The sizes.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Layers} x {Hidden}, V {Vocabulary}, {Rows} x {Columns}");
}
