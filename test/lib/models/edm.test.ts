import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ncsnpp, presets, writeEdm } from '../../../lib/models/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { float32, type Stored } from '../../../lib/train/safetensors.js';
