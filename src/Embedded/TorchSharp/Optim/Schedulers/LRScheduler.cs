namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimizer's groups, once on creation and then with each step.</summary>
            public abstract class LRScheduler
            {
                internal readonly Optimizer optimizer = null!;
                internal readonly bool verbose;
                internal int epoch = -1;
                internal IList<double> baseRates = [];
                internal IList<double> lastRates = [];
                protected int _step_count;

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    this.optimizer = optimizer;
                    this.verbose = verbose;
                    epoch = last_epoch;
                    baseRates = [.. optimizer.ParamGroups.Select(g => g.InitialLearningRate)];
                    lastRates = [.. optimizer.ParamGroups.Select(g => g.LearningRate)];
                }

                private protected IEnumerable<double> Rates => optimizer.ParamGroups.Select(g => g.LearningRate);

                public virtual void step() => step(null);

                /// <summary>To the next epoch, or to a given one by its closed form.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    this.epoch = epoch ?? this.epoch + 1;
                    double[] rates = [.. epoch.HasValue ? get_closed_form_lr() : get_lr()];
                    ILearningRateController[] groups = [.. optimizer.ParamGroups];
                    for (int i = 0; i < baseRates.Count; i++)
                    {
                        groups[i].LearningRate = rates[i];
                        if (verbose && lastRates[i] != rates[i]) Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        lastRates[i] = rates[i];
                    }
                }

                /// <summary>As <see cref="step(int?)"/>; the metric is for those schedulers that go by one.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>The rates of the epoch, from those of the one before.</summary>
                protected virtual IEnumerable<double> get_lr() => Rates;

                /// <summary>The rates of the epoch by itself.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                public IEnumerable<double> get_last_lr() => lastRates;
            }
        }
    }
}
