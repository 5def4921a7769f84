return await DiffusionBatch.Cli.CommandLine.RunAsync(args);
