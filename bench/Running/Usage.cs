namespace DiffusionBatch.Bench;

/// <summary>The help text.</summary>
internal static class Usage
{
    internal const string Text = """
        Training, sampling and the metrics against their peers, in turn, in one run; and what the pipeline itself costs and bears.

        usage: dotnet run -c Release --project bench -- COMMAND [options]

          train    training steps and forward passes of XLM-R against plain TorchSharp on the same libtorch
          sample   diffusion sampling against the published generator on the same libtorch
          sweep    one sweep over seven step counts against the same seven one by one; exit code 1 where a result differs
          prompts  prompts that see themselves alone, computed once, against passes over whole canvases
          gpu      training (float32, bfloat16), sampling and sweeps of XLM-R base's and large's shape on a CUDA device;
                   exit code 1 where an item's result depends on its batch
          memory   a process's memory over 10,000 training steps, 10,000 sampled items and 12 finetunes; exit code 1 where it grows
          toy      every process trained on a law that is known exactly: its bound and its samples' pairs of neighbours beside the
                   truth
          metrics  corpus BLEU, chrF and ROUGE-L against plain Python
          planning a sample job over a million rows, on a folder and on Azurite: time, memory, tasks, the submit's answer
          overhead a sample job through the pipeline (dbatch up, one worker and two) against dbatch run
          chaos    the pipeline with its workers killed, against an undisturbed run; exit code 1 where anything differs

          --threads N     threads of both sides' tensor operations (default: ours as dbatch sets them, the peer's as libtorch does)
          --runs N        samples of each case and side
          --case TEXT     only the cases whose name holds TEXT; several between bars: "exp|log"
          --json FILE     also writes the rows as JSON

        train only
          --precision P   of our products: float32 (default) or bfloat16; the peer's are float32

        gpu only (cases: train, sample, sweep; publish-gpu.sh makes a folder for a machine with CUDA)
          --device NAME   cuda (default) or cpu
          --shape NAME    tiny, base or large (default: base and large)
          --tokens N      tokens of a batch (default 4,096)
          --runs N        timed training steps (default 8)
          --count N       sampled items (default 64)

        memory only (cases: training, sampling, jobs)
          --count N       steps and items (default 10,000)

        sample and sweep only
          --model FOLDER  the checkpoint; sample needs its length predictor (default demo-output/models/messages: ./dbatch demo makes it)
          --items FILE    JSONL of what is sampled (default demo-output/data/test.jsonl)
          --count N       how many of them (default 64; sweep 100)

        toy only
          --root FOLDER   the law: law.json, train.jsonl, test.jsonl
          --count N       training steps (default 8,000)

        metrics only
          --count N       sentence pairs (default 100,000); Python scores a tenth of them
          --python PATH   the peer's Python (default: the first of /usr/bin/python3, python3 and python that there is)

        planning and overhead only
          --count N       rows (default 1,000,000) or items (default 10,000)
          --shard N       items a task (default 256)
          --index TEXT    planning: a PostgreSQL connection string, for one more case

        chaos only (Linux; cases: sample, finetune)
          --count N       items of the sample job (default 2,000)
          --shards N      shards of it (default 100)
          --workers N     workers (default 4)
          --kills N       SIGKILLs during it, one every 2 s (default 50); the job is repeated until they are spent
          --database DB   sqlite or postgres: a server of its own, which is away for 10 s in the middle (default sqlite)
          --seed N        of which worker is killed when (default 1)
          --root DIR      a folder for all files, which are kept, and whose undisturbed runs are used again
                          (default: a temporary one, deleted where nothing differs)

        examples
          dotnet run -c Release --project bench -- train --case "step 6 x 256"
          dotnet run -c Release --project bench -- sample --model models/de-en --items data/test.jsonl --json sample.json
          dotnet run -c Release --project bench -- chaos --database postgres

        A ratio is the peer's median over ours: above 1 we are faster (sweep's is one sweep over the seven: below 1 it saves).
        The peers of train and sample are bench/peers/TorchPeer, a process of its own on the same packages, without settings of ours
        and without those that the environment makes for allocators and threads; both sides' losses and tokens are compared first.
        """;
}
