/* SPDX-License-Identifier: Apache-2.0 */
import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(cleanup);
