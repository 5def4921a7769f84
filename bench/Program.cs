using DiffusionBatch.Bench;

var commands = new Dictionary<string, Func<BenchOptions, int>>
{
    ["train"] = TrainBench.Run,
    ["sample"] = SampleBench.Run,
    ["sweep"] = SweepBench.Run,
    ["prompts"] = PromptBench.Run,
    ["gpu"] = GpuBench.Run,
    ["memory"] = MemoryBench.Run,
    ["toy"] = ToyBench.Run,
    ["metrics"] = MetricsBench.Run,
    ["planning"] = PlanningBench.Run,
    ["overhead"] = OverheadBench.Run,
    ["chaos"] = ChaosBench.Run,
};

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Usage.Text);
    return 0;
}

Console.CancelKeyPress += (_, _) => Environment.Exit(130); // what is temporary is deleted on the way
try
{
    var options = BenchOptions.Parse(args, commands.Keys);
    return commands[options.Command](options);
}
catch (ArgumentException problem)
{
    Console.Error.WriteLine($"bench: {problem.Message} (--help tells more)");
    return 2;
}
