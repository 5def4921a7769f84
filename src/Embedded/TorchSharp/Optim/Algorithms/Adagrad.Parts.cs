using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Adagrad
{
    /// <summary>A group's settings; null where the optimizer's apply.</summary>
    public class Options : OptimizerOptions
    {
        public double? lr_decay;
        public double? initial_accumulator_value;
        public double? eps;
        public double? weight_decay;

        internal static Options Of(double lr, double lr_decay, double weight_decay, double initial_accumulator_value, double eps) => new()
        {
            Rate = lr,
            lr_decay = lr_decay,
            initial_accumulator_value = initial_accumulator_value,
            eps = eps,
            weight_decay = weight_decay,
        };

        internal override void Visit(OptionVisitor visitor)
        {
            visitor.On(ref lr_decay);
            visitor.On(ref initial_accumulator_value);
            visitor.On(ref eps);
            visitor.On(ref weight_decay);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>
    {
        public ParamGroup() => Options = new Options();

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-2, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1e-10)
            : base(parameters, Options.Of(lr, lr_decay, weight_decay, initial_accumulator_value, eps))
        {
        }
    }

    /// <summary>What is kept of one parameter.</summary>
    public class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor sum = null!;

        public State(Parameter parameter) : base(parameter)
        {
        }

        internal override void Visit(StateVisitor visitor)
        {
            visitor.On(ref step);
            visitor.On(ref sum);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            Fresh(ref sum!, ((Options)options).initial_accumulator_value!.Value);
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }
    }
}
