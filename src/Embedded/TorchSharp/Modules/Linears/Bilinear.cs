using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>x1^T W x2 + b, W (out, in1, in2) and b (out) drawn evenly within 1 / sqrt(in1).</summary>
public sealed class Bilinear : nn.Module<Tensor, Tensor, Tensor>
{
    internal Bilinear(long in1, long in2, long outputs, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Bilinear))
    {
        componentsRegistered = true;
        in1_features = in1;
        in2_features = in2;
        out_features = outputs;
        double bound = 1 / Math.Sqrt(in1);
        weight = new Parameter(empty(outputs, in1, in2, dtype, device));
        nn.init.uniform_(weight, -bound, bound);
        if (!hasBias) return;
        bias = new Parameter(empty(outputs, dtype, device));
        nn.init.uniform_(bias, -bound, bound);
    }

    public long in1_features { get; set; }

    public long in2_features { get; set; }

    public long out_features { get; set; }

    public Parameter weight
    {
        get;
        set
        {
            field = value;
            Put(nameof(weight), value);
        }
    }

    public Parameter? bias
    {
        get;
        set
        {
            field = value;
            Put(nameof(bias), value);
        }
    }

    public override Tensor forward(Tensor input1, Tensor input2) => nn.functional.bilinear(input1, input2, weight, bias);
}
