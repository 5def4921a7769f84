using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Bench;

/// <summary>An XLM-R and a batch: sizes, and the floating-point operations of its matrix products.</summary>
/// <param name="Hidden">d; the feed-forward part is four times as wide.</param>
/// <param name="Layers">Transformer layers.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Rows">B.</param>
/// <param name="Columns">N, all of them tokens.</param>
/// <param name="Trains">A training step on the masked half of the positions; otherwise a forward pass with the logits of all.</param>
internal sealed record ModelCase(int Hidden, int Layers, int Heads, int Rows, int Columns, bool Trains)
{
    internal const int Vocabulary = 8000;
    internal const double LearningRate = 5e-4;

    /// <summary>The kind and the sizes.</summary>
    internal string Name => $"{(Trains ? "step" : "forward")} {Layers} x {Hidden}, {Rows} x {Columns} tokens";

    /// <summary>B N.</summary>
    internal int Tokens => Rows * Columns;

    /// <summary>Positions whose logits are computed.</summary>
    internal int Predicted => Trains ? Tokens / 2 : Tokens;

    /// <summary>Operations of the matrix products: two a multiply-add; backward takes twice those of forward.</summary>
    internal double Operations
    {
        get
        {
            double d = Hidden, full = Tokens, last = Predicted;
            double attention = (3 * d * d) + (2.0 * Columns * d), rest = 9 * d * d; // a token's, in multiply-adds
            double body = (Layers * full * attention) + ((((Layers - 1) * full) + last) * rest);
            return 2 * (body + (last * ((d * d) + (d * Vocabulary)))) * (Trains ? 3 : 1);
        }
    }

    /// <summary>The model without dropout, or with the usual 0.1.</summary>
    internal ModelConfig Config(double dropout)
    {
        var spec = new NewModelSpec { HiddenSize = Hidden, Layers = Layers, Heads = Heads, FeedForwardSize = 4 * Hidden, MaxPositions = Columns, Dropout = dropout };
        return ModelConfig.Create(spec, Vocabulary, new SpecialTokens(0, 1, 2, 3, Vocabulary - 1));
    }

    /// <summary>What the peer has to know.</summary>
    internal JsonObject Settings(string file, double dropout) => new()
    {
        ["file"] = file,
        ["layers"] = Layers,
        ["heads"] = Heads,
        ["epsilon"] = 1e-5,
        ["dropout"] = dropout,
        ["rate"] = LearningRate,
    };
}
