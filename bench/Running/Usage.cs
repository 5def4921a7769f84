namespace DiffusionBatch.Bench;

/// <summary>The help text.</summary>
internal static class Usage
{
    internal const string Text = """
        Training, sampling and the metrics against their peers, in turn, in one run; and what the pipeline itself costs and bears.

        usage: dotnet run -c Release --project bench -- COMMAND [options]

          train    training steps and forward passes of XLM-R against PyTorch
          sample   diffusion sampling against the published generator in PyTorch
          metrics  corpus BLEU, chrF and ROUGE-L against plain Python
          planning a sample job over a million rows, on a folder and on Azurite: time, memory, tasks, the submit's answer
          overhead a sample job through the pipeline (dbatch up --workers 1) against dbatch run
          chaos    the pipeline with its workers killed, against an undisturbed run; exit code 1 where anything differs

          --threads N     threads of both sides (default 2)
          --runs N        samples of each case and side
          --case TEXT     only the cases whose name holds TEXT; several between bars: "exp|log"
          --json FILE     also writes the rows as JSON
          --python PATH   the peers' Python (default: the first of /usr/bin/python3, python3 and python that can run them)

        sample only
          --model FOLDER  the checkpoint, with a length predictor (default demo-output/models/messages: ./dbatch demo makes it)
          --items FILE    JSONL of what is sampled (default demo-output/data/test.jsonl)
          --count N       how many of them (default 64)

        metrics only
          --count N       sentence pairs (default 100,000); Python scores a tenth of them

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
          dotnet run -c Release --project bench -- train
          dotnet run -c Release --project bench -- sample --model models/de-en --items data/test.jsonl --json sample.json
          dotnet run -c Release --project bench -- chaos --database postgres

        A ratio is the peer's median over ours: above 1 we are faster. Peers on Debian: apt install python3-torch libopenblas0-pthread.
        """;
}
