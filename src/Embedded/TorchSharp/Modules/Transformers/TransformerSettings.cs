using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The measures of a transformer's layers.</summary>
internal sealed record TransformerSettings(long Model, long Heads, long Inner, double Dropout, nn.Activations Activation)
{
    public MultiheadAttention Attention() => nn.MultiheadAttention(Model, Heads, Dropout);
}
