using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class Rprop
{
    /// <summary>A group's settings; null where the optimizer's apply.</summary>
    public class Options : OptimizerOptions
    {
        public bool? maximize;
        public double? etaminus;
        public double? etaplus;
        public double? min_step;
        public double? max_step;

        internal static Options Of(double lr, double etaminus, double etaplus, double min_step, double max_step, bool maximize) => new()
        {
            Rate = lr,
            maximize = maximize,
            etaminus = etaminus,
            etaplus = etaplus,
            min_step = min_step,
            max_step = max_step,
        };

        internal override void Visit(OptionVisitor visitor)
        {
            visitor.On(ref maximize);
            visitor.On(ref etaminus);
            visitor.On(ref etaplus);
            visitor.On(ref min_step);
            visitor.On(ref max_step);
        }
    }

    /// <summary>Parameters with settings of their own.</summary>
    public class ParamGroup : ParamGroup<Options>
    {
        public ParamGroup() => Options = new Options();

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1e-2, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1e-6, double max_step = 50, bool maximize = false)
            : base(parameters, Options.Of(lr, etaminus, etaplus, min_step, max_step, maximize))
        {
        }
    }

    /// <summary>What is kept of one parameter.</summary>
    public class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor prev = null!;
        public Tensor step_size = null!;

        public State(Parameter parameter) : base(parameter)
        {
        }

        internal override void Visit(StateVisitor visitor)
        {
            visitor.On(ref step);
            visitor.On(ref prev);
            visitor.On(ref step_size);
        }

        public override void Initialize(OptimizerOptions options)
        {
            step = 0;
            Fresh(ref prev!);
            Fresh(ref step_size!, options.LearningRate!.Value);
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }
    }
}
