using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x above 0, a learned multiple of x elsewhere (He et al. 2015).</summary>
public sealed class PReLU : nn.Module<Tensor, Tensor>
{
    internal PReLU(long num_parameters, double init, Device? device, ScalarType? dtype) : base(nameof(PReLU))
    {
        componentsRegistered = true;
        this.num_parameters = num_parameters;
        this.init = init;
        weight = new Parameter(full(num_parameters, init, dtype ?? get_default_dtype(), device));
    }

    public long num_parameters { get; }

    public double init { get; }

    public Parameter weight
    {
        get;
        set
        {
            field = value;
            Put(nameof(weight), value);
        }
    }

    public override Tensor forward(Tensor tensor) => nn.functional.prelu(tensor, weight);
}
