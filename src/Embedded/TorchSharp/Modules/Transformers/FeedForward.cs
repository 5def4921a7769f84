using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The block linear2(dropout(activation(linear1(x)))) of a transformer layer, registered there.</summary>
internal sealed class FeedForward
{
    readonly Linear linear1, linear2;
    readonly Dropout dropout;
    readonly nn.Activations activation;

    public FeedForward(nn.Module owner, TransformerSettings settings)
    {
        activation = settings.Activation;
        owner.register_module("linear1", linear1 = nn.Linear(settings.Model, settings.Inner));
        owner.register_module("dropout", dropout = nn.Dropout(settings.Dropout));
        owner.register_module("linear2", linear2 = nn.Linear(settings.Inner, settings.Model));
    }

    public Tensor Run(Tensor x)
    {
        Tensor inner = linear1.call(x);
        return linear2.call(dropout.call(activation == nn.Activations.GELU ? inner.gelu() : inner.relu()));
    }
}
