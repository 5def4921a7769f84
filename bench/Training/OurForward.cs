using DiffusionBatch.Diffusion.Checkpoints;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench;

/// <summary>A forward pass with the logits of all positions.</summary>
internal sealed class OurForward : IDisposable
{
    private readonly Checkpoint _checkpoint;
    private readonly long[] _shape, _ids;

    /// <summary>Loads the folder's model and encodes its pairs.</summary>
    internal OurForward(CaseFolder folder)
    {
        _checkpoint = Checkpoint.Load(folder.Model);
        _shape = [folder.Sizes.Rows, folder.Sizes.Columns];
        var (tokenizer, specials) = (_checkpoint.Tokenizer!, folder.Specials);
        _ids = [.. folder.Pairs.SelectMany(pair =>
            (long[])[specials.Bos, .. tokenizer.Encode(pair.Source), .. tokenizer.Encode(pair.Target), specials.Eos])];
    }

    /// <summary>One pass, from arrays to logits.</summary>
    internal void Run()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Logits();
    }

    /// <summary>The sum of the logits' magnitudes, to compare the sides by.</summary>
    internal double Sum()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Logits().to(float64).abs().sum().item<double>();
    }

    /// <inheritdoc/>
    public void Dispose() => _checkpoint.Dispose();

    private Tensor Logits() => _checkpoint.Model.Logits(_checkpoint.Model.Hidden(tensor(_ids, _shape), ones(_shape, ScalarType.Bool)));
}
