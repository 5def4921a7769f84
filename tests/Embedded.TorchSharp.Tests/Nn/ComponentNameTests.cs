using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

public sealed class ComponentNameTests
{
    sealed class Named : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "first")]
        public readonly Linear layer = Linear(2, 2);

        public readonly Linear second = Linear(2, 2, false);

        public Named() : base(nameof(Named)) => RegisterComponents();

        public override Tensor forward(Tensor input) => second.call(layer.call(input));
    }

    [Fact]
    public void A_field_is_registered_under_its_given_name()
    {
        using var model = new Named();
        Assert.Equal(["first.weight", "first.bias", "second.weight"], model.named_parameters().Select(p => p.name));
        Assert.Equal("first", typeof(Named).GetField("layer")!.GetCustomAttribute<ComponentNameAttribute>()!.Name);
    }
}
