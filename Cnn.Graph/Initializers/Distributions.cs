using Cnn.Graph.Ir;
using Cnn.Graph.Randomness;

namespace Cnn.Graph;

/// <content>How the numbers are drawn.</content>
public abstract partial record Initializer
{
    /// <summary>How many numbers feed an output and how many outputs a number feeds.</summary>
    internal readonly record struct Fans(double In, double Out)
    {
        /// <summary>The fans of weights laid out as [out, in, k…].</summary>
        public static Fans Of(long[] dims)
        {
            long taps = dims.Skip(2).Aggregate(1L, (n, d) => n * d);
            return dims.Length < 2 ? new Fans(1, 1) : new Fans(dims[1] * taps, dims[0] * taps);
        }

        public double Of(Fan fan) => fan switch { Fan.In => In, Fan.Out => Out, _ => (In + Out) / 2 };
    }

    /// <summary>Another initializer for weights whose shape does not tell their fans: one pair for all, or one for each row.</summary>
    private sealed record Fanned(Initializer Inner, Fans[] Rows) : Initializer
    {
        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random)
        {
            if (Rows.Length == 1)
            {
                Inner.Fill(numbers, dims, Rows[0], random);
                return;
            }

            int length = numbers.Length / Rows.Length;
            long[] row = [1, .. dims.Skip(1)];
            for (int i = 0; i < Rows.Length; i++)
            {
                Inner.Fill(numbers.Slice(i * length, length), row, Rows[i], random.Substream(i));
            }
        }
    }

    private sealed record Filled(double Value) : Initializer
    {
        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random) =>
            numbers.Fill((float)Value);
    }

    private sealed record Listed(float[] Values) : Initializer
    {
        private protected override void RequireFit(Variable variable)
        {
            if (variable.Shape.CountPerSample() != Values.Length)
            {
                throw new CnnGraphException(
                    $"'{variable.Name}' is {variable.Shape} and takes {variable.Shape.CountPerSample()} numbers, but {Values.Length} were given.");
            }
        }

        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random) => Values.CopyTo(numbers);
    }

    private sealed record Signs : Initializer
    {
        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random)
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = random.Below(i, 2) == 0 ? -1 : 1;
            }
        }
    }

    private sealed record Scaled(Func<Fans, double> Deviation, bool IsGaussian) : Initializer
    {
        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random)
        {
            double deviation = Deviation(fans);
            if (IsGaussian)
            {
                random.FillGaussian(numbers, 0, (float)deviation);
            }
            else
            {
                float bound = (float)(Math.Sqrt(3) * deviation);
                random.FillUniform(numbers, -bound, bound);
            }
        }
    }

    private sealed record Truncated(double Deviation) : Initializer
    {
        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random)
        {
            for (int i = 0; i < numbers.Length; i++)
            {
                // Each element has a stream of its own, so that drawing one again leaves the others as they are.
                CounterRandom own = random.Substream(i);
                long draw = 0;
                double number;
                do
                {
                    number = own.Gaussian(draw++);
                }
                while (Math.Abs(number) > 2);
                numbers[i] = (float)(Deviation * number);
            }
        }
    }

    private sealed record OrthogonalRows : Initializer
    {
        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random)
        {
            int rows = dims.Length == 0 ? 1 : (int)dims[0], columns = numbers.Length / Math.Max(rows, 1);
            (int count, int length) = rows <= columns ? (rows, columns) : (columns, rows);
            double[][] vectors = [.. Enumerable.Range(0, count).Select(v => Enumerable.Range(0, length).Select(i => random.Substream(v).Gaussian(i)).ToArray())];
            for (int v = 0; v < count; v++)
            {
                // Twice is enough (Kahan): the second pass takes out what rounding left of the first.
                for (int pass = 0; pass < 2; pass++)
                {
                    for (int u = 0; u < v; u++)
                    {
                        double along = Dot(vectors[v], vectors[u]);
                        for (int i = 0; i < length; i++)
                        {
                            vectors[v][i] -= along * vectors[u][i];
                        }
                    }
                }

                double norm = Math.Sqrt(Dot(vectors[v], vectors[v]));
                for (int i = 0; i < length; i++)
                {
                    vectors[v][i] /= norm;
                }
            }

            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = (float)(rows <= columns ? vectors[i / columns][i % columns] : vectors[i % columns][i / columns]);
            }
        }

        private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
    }

    private sealed record MiddleTap : Initializer
    {
        private protected override void Fill(Span<float> numbers, long[] dims, Fans fans, CounterRandom random)
        {
            numbers.Clear();
            long taps = dims.Skip(2).Aggregate(1L, (n, d) => n * d), middle = 0;
            foreach (long size in dims.Skip(2))
            {
                middle = (middle * size) + ((size - 1) / 2);
            }

            for (long i = 0; dims.Length > 1 && i < Math.Min(dims[0], dims[1]); i++)
            {
                numbers[(int)((((i * dims[1]) + i) * taps) + middle)] = 1;
            }
        }
    }
}
